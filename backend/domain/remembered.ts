/** Something of the store that every report asks for, read once a second: a change made elsewhere counts within that second. */
import type { Clock } from '../../shared/clock.ts';

const longestMs = 1_000;

export class Remembered<T> {
  readonly #read: () => Promise<T>;
  readonly #clock: Clock;
  #reading: Promise<T> | undefined;
  #readAt = 0;

  constructor(read: () => Promise<T>, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  get(): Promise<T> {
    const now = this.#clock.now();
    if (this.#reading && now >= this.#readAt && now - this.#readAt < longestMs) return this.#reading;
    this.#readAt = now;
    const reading = this.#read();
    this.#reading = reading;
    reading.catch(() => {
      if (this.#reading === reading) this.forget();
    });
    return reading;
  }

  /** To be called after a change made here, which counts at once. */
  forget(): void {
    this.#reading = undefined;
  }
}
