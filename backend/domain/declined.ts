/** What was asked for is not done; the message says why, and what to do where there is something to do. */
export type DeclineReason =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing'
  | 'conflict'
  | 'gone'
  | 'throttled'
  | 'unavailable';

export class Declined extends Error {
  override readonly name = 'Declined';
  readonly reason: DeclineReason;
  /** When it may be tried again. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: DeclineReason, message: string, retryAfterMs?: number) {
    super(message);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}
