/**
 * Reads the Secrets once more before an unknown token is refused, so that no pod is faster than the watch.
 * All who wait share one read; it begins after the last of them arrived, and at most twice a second.
 */
import type { Clock } from '../../shared/clock.ts';

const intervalMs = 500;

export class SecondLook {
  readonly #read: () => Promise<void>;
  readonly #clock: Clock;
  #waiting: Promise<void> | undefined;
  #reading: Promise<void> = Promise.resolve();
  #startedAt = -Infinity;

  /** `read` must settle within its own deadline and never reject. */
  constructor(read: () => Promise<void>, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** Resolves after a read that began after this call. */
  take(): Promise<void> {
    this.#waiting ??= this.#next();
    return this.#waiting;
  }

  async #next(): Promise<void> {
    await this.#reading;
    const pauseMs = this.#startedAt + intervalMs - this.#clock.now();
    if (pauseMs > 0) await this.#clock.sleep(pauseMs);
    // Whoever arrives from here on may know of a newer write than this read will find.
    this.#waiting = undefined;
    this.#startedAt = this.#clock.now();
    this.#reading = this.#read();
    await this.#reading;
  }
}
