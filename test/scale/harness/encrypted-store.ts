/** What the backend stores encrypted, in short: a few values, all under one key, moved to the newest one in a moment. */
import type { Encryption } from '../../../shared/contract/attestation.ts';
import type { KeyRecord } from '../../../shared/credential/keyring.ts';

const values = 3;
const reencryptionMs = 300;

export class EncryptedStore {
  #record: KeyRecord | undefined;
  #storedUnder: string | undefined;

  readonly saw = (record: KeyRecord): void => {
    this.#record = record;
    this.#storedUnder ??= record.target;
    if (this.#storedUnder !== record.target) setTimeout(() => (this.#storedUnder = this.#record?.target), reencryptionMs);
  };

  describe(): Encryption {
    const accepted = this.#record?.accepted.map(({ name }) => name) ?? [];
    return { accepted, stored: this.#storedUnder === undefined ? {} : { [this.#storedUnder]: values } };
  }

  /** The generation that something is stored under is one that can be decrypted. */
  get isReadable(): boolean {
    return this.#storedUnder === undefined || this.describe().accepted.includes(this.#storedUnder);
  }
}
