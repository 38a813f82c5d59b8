/**
 * The keys that stored secrets are encrypted with:
 *
 *     the keyring's target                              writes and reads
 *     its other generations, retired ones included      read, so that whatever was missed is moved and not lost
 *     ENCRYPTION_KEY of the environment                 reads; writes where the keyring has no record of the key
 */
import type { Clock } from '../../shared/clock.ts';
import { targetOf, type KeyRecord } from '../../shared/credential/keyring.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';
import { decrypt, deriveKey, encrypt } from './fernet.ts';

interface Key {
  readonly bytes: Buffer;
  /** Empty for the environment's key, which the keyring has no name for. */
  readonly generation: string;
}

export interface Opened {
  readonly text: string;
  /** The generation that it is stored under; empty where the key has no name. */
  readonly generation: string;
  /** It is stored under the key that writes. */
  readonly isCurrent: boolean;
}

/** Nothing can be stored: there is no key at all. */
export class NoEncryptionKey extends Error {
  override readonly name = 'NoEncryptionKey';
}

export class EncryptionKeys {
  readonly #clock: Clock;
  readonly #ofEnvironment: readonly Key[];
  readonly #listeners: (() => void)[] = [];
  /** The first one writes. */
  #keys: readonly Key[];
  #accepted: readonly string[] = [];
  #keyringVersion = '';

  constructor(setting: string | undefined, clock: Clock) {
    this.#clock = clock;
    this.#ofEnvironment = setting === undefined ? [] : [{ bytes: deriveKey(setting), generation: '' }];
    this.#keys = this.#ofEnvironment;
  }

  /** The keyring was read; without a record of the key the last known one stays in force. */
  sawKeyring(record: KeyRecord | undefined, resourceVersion: string): void {
    if (!record || compareResourceVersions(resourceVersion, this.#keyringVersion) < 0) return;
    this.#keyringVersion = resourceVersion;
    const target = targetOf(record);
    const values = [target, ...record.accepted.filter((generation) => generation !== target), ...record.retired];
    const named = values.map(({ value, name }) => ({ bytes: deriveKey(value), generation: name }));
    this.#keys = [...named, ...this.#ofEnvironment];
    this.#accepted = record.accepted.map(({ name }) => name);
    for (const listener of this.#listeners) listener();
  }

  /** The listener is called whenever another key may write. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Names of the accepted generations, oldest first. */
  get accepted(): readonly string[] {
    return this.#accepted;
  }

  /** Throws NoEncryptionKey. */
  seal(text: string): string {
    const [key] = this.#keys;
    if (!key) throw new NoEncryptionKey('there is no encryption key');
    return encrypt(key.bytes, text, this.#clock.now());
  }

  /** Undefined if it was sealed with a key that is not here. */
  open(sealed: string): Opened | undefined {
    for (const [index, { bytes, generation }] of this.#keys.entries()) {
      const text = decrypt(bytes, sealed);
      if (text !== undefined) return { text, generation, isCurrent: index === 0 };
    }
    return undefined;
  }
}
