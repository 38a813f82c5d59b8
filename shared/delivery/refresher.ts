/** Runs a task at once, then at least every so often, and sooner when asked. A failure is repeated after a growing pause. */
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { Backoff, presenterPauses, type PauseRange } from './backoff.ts';

export interface RefresherOptions {
  /** Names what is refreshed in log lines. */
  readonly what: string;
  /** Throws if it could not do it; then nothing may have changed. */
  readonly task: (signal: AbortSignal) => Promise<void>;
  /** The longest time between two runs. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pauses?: PauseRange;
  readonly random?: () => number;
}

export class Refresher {
  readonly #options: RefresherOptions;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #asked = false;
  #running: Promise<void> | undefined;
  #succeeded = false;
  readonly #attempted = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /** Whether the task ever succeeded. */
  get succeeded(): boolean {
    return this.#succeeded;
  }

  /** Resolves after the first run, however it ended. */
  attempted(): Promise<void> {
    return this.#attempted.promise;
  }

  /** Resolves after the first run that succeeded. */
  done(): Promise<void> {
    return this.#done.promise;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Asks for a run as soon as possible; one that is under way may be too old and is followed by another. */
  now(): void {
    this.#asked = true;
    this.#wake.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { what, task, everyMs, clock, log, random = Math.random } = this.#options;
    const { signal } = this.#stopping;
    const backoff = new Backoff(this.#options.pauses ?? presenterPauses, random);
    let failing = false;
    while (!signal.aborted) {
      let pauseMs = everyMs * (0.8 + 0.2 * random());
      this.#asked = false;
      try {
        await task(signal);
        this.#succeeded = true;
        this.#done.resolve();
        backoff.reset();
        if (failing) log.info({ what }, 'refreshed again');
        failing = false;
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = Math.min(everyMs, backoff.nextMs());
        if (!failing) log.warn({ what, err: error }, 'refresh failed, keeping what is known');
        failing = true;
      }
      this.#attempted.resolve();
      if (this.#asked) continue;
      this.#wake = new AbortController();
      await clock.sleep(pauseMs, AbortSignal.any([signal, this.#wake.signal])).catch(() => {});
    }
  }
}
