/** Does the same again and again until it is stopped, as controllers do by their interval. */
import { setTimeout as sleep } from 'node:timers/promises';

export class Loop {
  readonly #look: () => Promise<void>;
  readonly #everyMs: number;
  #stopped: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  /** `everyMs`: milliseconds from the end of one look to the next. */
  constructor(look: () => Promise<void>, everyMs: number) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  start(): void {
    if (this.#stopped) return;
    const stopped = new AbortController();
    this.#stopped = stopped;
    this.#running = this.#run(stopped.signal);
  }

  /** Resolves when the last look is over. */
  async stop(): Promise<void> {
    this.#stopped?.abort();
    this.#stopped = undefined;
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look();
      await sleep(this.#everyMs, undefined, { signal }).catch(() => {});
    }
  }
}
