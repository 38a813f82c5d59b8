/** A note that something has changed; many notes before the next look are one. */
import type { Clock } from '../../shared/clock.ts';

export class Wake {
  readonly #clock: Clock;
  #noted = Promise.withResolvers<void>();
  #restMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(): void {
    this.#noted.resolve();
  }

  /** The next wait begins with so many milliseconds in which no note is heard. */
  rest(ms: number): void {
    this.#restMs = ms;
  }

  /** Resolves at the next note, or one that came meanwhile, or after `ms`, or when the signal is aborted. */
  async within(ms: number, signal: AbortSignal): Promise<void> {
    const waiting = new AbortController();
    const onAbort = () => waiting.abort(new Error('stopped'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const restMs = this.#restMs;
    this.#restMs = 0;
    if (restMs > 0) await this.#clock.sleep(restMs, waiting.signal).catch(() => {});
    await Promise.race([this.#noted.promise, this.#clock.sleep(ms, waiting.signal).catch(() => {})]);
    waiting.abort(new Error('woken'));
    signal.removeEventListener('abort', onAbort);
    this.#noted = Promise.withResolvers<void>();
  }
}
