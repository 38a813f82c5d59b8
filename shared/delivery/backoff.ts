/** Pauses that double, each drawn from the upper half of its step, so that many clients do not come back together. */

export interface PauseRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** What a presenter leaves the backend between two attempts. */
export const presenterPauses: PauseRange = { minMs: 500, maxMs: 15_000 };

export class Backoff {
  readonly #range: PauseRange;
  readonly #random: () => number;
  #ceilingMs: number;

  /** `random` gives a number from 0 to 1. */
  constructor(range: PauseRange, random: () => number = Math.random) {
    this.#range = range;
    this.#random = random;
    this.#ceilingMs = range.minMs * 2;
  }

  /** The next pause in milliseconds, from `minMs` to `maxMs`. */
  nextMs(): number {
    const ceilingMs = Math.min(this.#ceilingMs, this.#range.maxMs);
    this.#ceilingMs = ceilingMs * 2;
    return (ceilingMs / 2) * (1 + this.#random());
  }

  reset(): void {
    this.#ceilingMs = this.#range.minMs * 2;
  }
}
