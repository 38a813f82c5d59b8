/**
 * The secret that sessions are signed with. An edit of the bootstrap Secret takes effect at once if its value is valid,
 * was not retired and was not made up by a renderer; otherwise, and while there is none, the keyring's target does. So
 * a value that is going to be put back ends no session.
 */
import { targetOf, type KeyRecord } from '../../shared/credential/keyring.ts';
import { whyInvalid } from '../../shared/credential/validation.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';

export interface SeenSecret {
  readonly resourceVersion: string;
  /** undefined if the Secret does not have the entry. */
  readonly serviceToken: string | undefined;
  readonly sessionSecret: string | undefined;
  readonly isBlindRender: boolean;
}

export class SessionSecret {
  readonly #fallback: string;
  readonly #listeners: (() => void)[] = [];
  #seen: SeenSecret | undefined;
  #record: KeyRecord | undefined;
  #keyringVersion = '';
  #value: string;

  /** `fallback`: the environment's, for as long as no Secret has one. */
  constructor(fallback: string) {
    this.#fallback = fallback;
    this.#value = fallback;
  }

  get value(): string {
    return this.#value;
  }

  /** The listener is called after every change of the value: all sessions have ended. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The bootstrap Secret was read; a read that a newer one has overtaken counts for nothing. */
  sawBootstrap(seen: SeenSecret): void {
    if (compareResourceVersions(seen.resourceVersion, this.#seen?.resourceVersion ?? '') < 0) return;
    this.#seen = seen;
    this.#decide();
  }

  /** The keyring was read; without a record of the key the last known one stays in force. */
  sawKeyring(record: KeyRecord | undefined, resourceVersion: string): void {
    if (!record || compareResourceVersions(resourceVersion, this.#keyringVersion) < 0) return;
    this.#keyringVersion = resourceVersion;
    this.#record = record;
    this.#decide();
  }

  #decide(): void {
    const value = this.#effective();
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  #effective(): string {
    const edited = this.#seen?.sessionSecret;
    if (!this.#record) return edited || this.#fallback;
    if (edited === undefined || !this.#isEdit(edited, this.#record)) return targetOf(this.#record).value;
    return edited;
  }

  #isEdit(value: string, { retired }: KeyRecord): boolean {
    const { serviceToken, isBlindRender } = this.#seen!;
    if (isBlindRender || retired.some((generation) => generation.value === value)) return false;
    return whyInvalid(value, serviceToken === undefined ? [] : [serviceToken]) === undefined;
  }
}
