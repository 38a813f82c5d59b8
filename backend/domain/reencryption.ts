/** Moves what is stored under older keys to the one that writes, in the background, whenever that one changes. */
import type { Clock } from '../../shared/clock.ts';
import type { Encryption } from '../../shared/contract/attestation.ts';
import type { Logger } from '../../shared/log.ts';
import type { SealedStore } from '../store/store.ts';
import type { EncryptionKeys } from './encryption-keys.ts';

export interface ReencryptionOptions {
  readonly keys: EncryptionKeys;
  readonly store: SealedStore;
  readonly clock: Clock;
  readonly log: Logger;
}

const retryMs = 5_000;

export class Reencryption {
  readonly #options: ReencryptionOptions;
  readonly #stopped = new AbortController();
  #isWanted = false;
  #working: Promise<void> | undefined;

  constructor(options: ReencryptionOptions) {
    this.#options = options;
    options.keys.onChanged(() => this.look());
  }

  /** To be called after a value was stored, too: the key may have changed between sealing and storing. */
  look(): void {
    this.#isWanted = true;
    this.#working ??= this.#work();
  }

  /** What is stored, for the attestation. */
  async describe(): Promise<Encryption> {
    const { keys, store } = this.#options;
    const stored: Record<string, number> = {};
    for (const sealed of await store.sealedValues()) {
      const generation = keys.open(sealed)?.generation ?? '';
      stored[generation] = (stored[generation] ?? 0) + 1;
    }
    return { accepted: [...keys.accepted], stored };
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#options;
    while (this.#isWanted && !this.#stopped.signal.aborted) {
      this.#isWanted = false;
      try {
        await this.#moveAll();
      } catch (error) {
        log.error({ err: error }, 'cannot encrypt the stored secrets again; trying again soon');
        this.#isWanted = true;
        await clock.sleep(retryMs, this.#stopped.signal).catch(() => undefined);
      }
    }
    this.#working = undefined;
  }

  async #moveAll(): Promise<void> {
    const { keys, store, log } = this.#options;
    for (const sealed of await store.sealedValues()) {
      const opened = keys.open(sealed);
      if (!opened) log.warn('a stored API key cannot be decrypted with any key; it must be entered again');
      if (!opened || opened.isCurrent) continue;
      const moved = await store.reseal(sealed, keys.seal(opened.text));
      if (moved) log.info({ from: opened.generation }, 'a stored API key was encrypted again under the newest key');
    }
  }
}
