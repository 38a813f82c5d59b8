/**
 * Sends messages to the backend again and again until it answers 200.
 *
 *     send ──► waiting, one per key ──► under way ──► 200: done
 *                 ▲                        │
 *                 └── the end of the line ─┴── 401, away: everybody waits, then one tries
 *                                              any other status: only this message waits
 *
 * Messages of one key keep their order: a newer one takes the place of one that still waits, and waits for one
 * that is under way. When the line is full, the message at its head, the one left alone longest, is dropped.
 */
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { outcomeCause, type Backend, type BackendRequest, type Outcome } from './backend.ts';
import { Backoff, presenterPauses, type PauseRange } from './backoff.ts';

export interface Message {
  /** What the message is about, say one pod. */
  readonly key: string;
  /** Sent one after the other. Asked for anew at each attempt, which begins with the first. If it throws, the message is dropped. */
  readonly requests: () => Promise<readonly BackendRequest[]> | readonly BackendRequest[];
  readonly onDelivered?: () => void;
}

export interface DeliveryOptions {
  readonly backend: Pick<Backend, 'send'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Messages that may wait; 5000 unless told. */
  readonly capacity?: number;
  /** Messages under way at one time; 4 unless told. */
  readonly concurrency?: number;
  readonly pauses?: PauseRange;
  /** A number from 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Called when the line is empty again after it was full: what was dropped may be made good. */
  readonly onRecovered?: () => void;
}

export interface DeliveryStats {
  delivered: number;
  /** Replaced by a newer message of the same key before they arrived. */
  superseded: number;
  retried: number;
  /** Given up: the line was full, or the message could not be built. */
  dropped: number;
}

interface Entry {
  readonly message: Message;
  /** Since it was rejected. */
  backoff?: Backoff;
  /** It pauses on its own. */
  held: boolean;
  /** The log has said that it was rejected. */
  isSaid?: boolean;
}

const longestRetryAfterMs = 300_000;
/** While draining, time is short. */
const drainPauseMs = 1_000;

export class Delivery {
  readonly stats: DeliveryStats = { delivered: 0, superseded: 0, retried: 0, dropped: 0 };
  readonly #options: DeliveryOptions;
  readonly #pauses: PauseRange;
  readonly #backoff: Backoff;
  /** In the order of the line. */
  readonly #waiting = new Map<string, Entry>();
  readonly #underWay = new Set<string>();
  readonly #hurry = new AbortController();
  readonly #stopping = new AbortController();
  #idle = Promise.withResolvers<void>();
  #paused = false;
  #probing = false;
  /** Since a rejection was said, nothing was accepted: thousands of messages may fare the same. */
  #rejecting = false;
  #overflowing = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#pauses = options.pauses ?? presenterPauses;
    this.#backoff = this.#newBackoff();
    this.#idle.resolve();
  }

  /** Messages not yet delivered. */
  get size(): number {
    return this.#waiting.size + this.#underWay.size;
  }

  /** Whether a message of this key is on its way. */
  has(key: string): boolean {
    return this.#waiting.has(key) || this.#underWay.has(key);
  }

  send(message: Message): void {
    if (this.#stopping.signal.aborted) return;
    if (this.size === 0) this.#idle = Promise.withResolvers<void>();
    if (this.#waiting.has(message.key)) this.stats.superseded += 1;
    this.#waiting.set(message.key, { message, held: false });
    this.#dropOverflow();
    this.#pump();
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Tries to deliver what is left within `graceMs`, then stops for good. Returns how many were not delivered. */
  async drain(graceMs: number): Promise<number> {
    this.#hurry.abort();
    const { clock } = this.#options;
    const late = new AbortController();
    await Promise.race([this.idle(), clock.sleep(graceMs, late.signal).catch(() => {})]);
    late.abort();
    this.#stopping.abort();
    return this.size;
  }

  #pump(): void {
    if (this.#paused || this.#stopping.signal.aborted) return;
    const limit = this.#probing ? 1 : (this.#options.concurrency ?? 4);
    for (const [key, entry] of this.#waiting) {
      if (this.#underWay.size >= limit) return;
      if (entry.held || this.#underWay.has(key)) continue;
      this.#waiting.delete(key);
      this.#underWay.add(key);
      void this.#attempt(entry);
    }
  }

  async #attempt(entry: Entry): Promise<void> {
    const { key, onDelivered } = entry.message;
    try {
      const outcome = await this.#deliver(await entry.message.requests());
      this.#underWay.delete(key);
      if (outcome.kind !== 'accepted') this.#putBack(entry, outcome);
      else {
        this.stats.delivered += 1;
        onDelivered?.();
      }
    } catch (error) {
      this.#underWay.delete(key);
      this.stats.dropped += 1;
      this.#options.log.error({ key, err: error }, 'message cannot be built, dropping it');
    }
    this.#pump();
    if (this.size === 0) this.#rest();
  }

  #rest(): void {
    if (this.#overflowing) this.#options.onRecovered?.();
    this.#overflowing = false;
    this.#idle.resolve();
  }

  async #deliver(requests: readonly BackendRequest[]): Promise<Outcome> {
    let outcome: Outcome = { kind: 'accepted', body: '' };
    for (const request of requests) {
      outcome = await this.#options.backend.send(request, this.#stopping.signal);
      if (outcome.kind !== 'accepted') break;
    }
    const isThere = outcome.kind === 'accepted' || outcome.kind === 'rejected';
    // Where nothing was sent, nobody has answered.
    if (isThere && requests.length > 0) {
      this.#probing = false;
      this.#rejecting &&= outcome.kind === 'rejected';
      this.#backoff.reset();
    }
    return outcome;
  }

  #putBack(entry: Entry, outcome: Exclude<Outcome, { kind: 'accepted' }>): void {
    if (this.#stopping.signal.aborted) return;
    const { key } = entry.message;
    this.stats.retried += 1;
    if (outcome.kind === 'rejected') this.#hold(entry, outcome);
    else this.#pause(outcome.kind === 'away' ? outcome.retryAfterMs : undefined);
    if (this.#waiting.has(key)) this.stats.superseded += 1;
    else this.#waiting.set(key, entry);
    this.#dropOverflow();
  }

  /** The first failure of a batch speaks for the others that are under way. */
  #pause(retryAfterMs = 0): void {
    this.#probing = true;
    if (this.#paused) return;
    this.#paused = true;
    void this.#after(Math.max(this.#backoff.nextMs(), Math.min(retryAfterMs, longestRetryAfterMs)), () => {
      this.#paused = false;
    });
  }

  #hold(entry: Entry, outcome: Outcome): void {
    this.#sayRejected(entry, outcome);
    entry.backoff ??= this.#newBackoff();
    entry.held = true;
    void this.#after(entry.backoff.nextMs(), () => {
      entry.held = false;
    });
  }

  #sayRejected(entry: Entry, outcome: Outcome): void {
    if (entry.isSaid || this.#rejecting) return;
    const { key } = entry.message;
    this.#options.log.error({ key, cause: outcomeCause(outcome) }, 'backend does not take a message, trying again');
    entry.isSaid = true;
    this.#rejecting = true;
  }

  async #after(ms: number, release: () => void): Promise<void> {
    const { clock } = this.#options;
    const pause = this.#hurry.signal.aborted
      ? clock.sleep(Math.min(ms, drainPauseMs), this.#stopping.signal)
      : clock.sleep(ms, this.#hurry.signal);
    await pause.catch(() => {});
    release();
    this.#pump();
  }

  #dropOverflow(): void {
    const capacity = this.#options.capacity ?? 5_000;
    for (const key of this.#waiting.keys()) {
      if (this.#waiting.size <= capacity) return;
      this.#waiting.delete(key);
      this.stats.dropped += 1;
      if (!this.#overflowing) this.#options.log.warn({ key, capacity }, 'too many messages wait, dropping the oldest, to be made good when there is room');
      this.#overflowing = true;
    }
  }

  #newBackoff(): Backoff {
    return new Backoff(this.#pauses, this.#options.random);
  }
}
