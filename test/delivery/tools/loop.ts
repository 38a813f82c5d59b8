/** Does the same again and again until it is stopped, as controllers do by their interval. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks; Argo CD's and Flux's own are minutes. */
const everyMs = 1_500;

export class Loop {
  readonly #look: () => Promise<void>;
  #stopped: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(look: () => Promise<void>) {
    this.#look = look;
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
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }
}
