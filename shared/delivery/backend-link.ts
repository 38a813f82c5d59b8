/**
 * What a presenter keeps with the backend: the queue of what it tells, what people want to be left out, read again and
 * again and whenever the live channel says that it changed, and the comparison of both sides' lists, which makes good what
 * the queue had to drop.
 */
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { Backend } from './backend.ts';
import { Delivery } from './delivery.ts';
import { LiveChannel } from './live-channel.ts';
import { Refresher } from './refresher.ts';

/** Something that is read from the backend: its name for people, and the reading. */
interface Reading {
  readonly what: string;
  readonly task: (signal: AbortSignal) => Promise<void>;
}

export interface BackendLinkOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly suppressions: Reading;
  readonly comparison: Reading;
  /** Types of live messages after which the suppressions are read at once. */
  readonly suppressionChanges: ReadonlySet<string>;
  readonly onMessage?: (type: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The service token is used at least this often: the operator's proof that this pod presents the new one. */
const suppressionsEveryMs = 15_000;
const comparisonEveryMs = 600_000;
const comparisonPauses = { minMs: 1_000, maxMs: 60_000 };
/** For the list of a comparison. It may be long; a backend that could not answer in time is left alone for longer. */
export const comparisonDeadlineMs = 30_000;

export class BackendLink {
  readonly backend: Backend;
  readonly delivery: Delivery;
  readonly suppressions: Refresher;
  readonly comparison: Refresher;
  readonly #channel: LiveChannel;

  constructor({ baseUrl, token, suppressions, comparison, suppressionChanges, onMessage, clock, log }: BackendLinkOptions) {
    this.backend = new Backend({ baseUrl, token, log });
    this.delivery = new Delivery({ backend: this.backend, clock, log, onRecovered: () => this.comparison.now() });
    this.suppressions = new Refresher({ ...suppressions, everyMs: suppressionsEveryMs, clock, log });
    this.comparison = new Refresher({ ...comparison, everyMs: comparisonEveryMs, pauses: comparisonPauses, clock, log });
    this.#channel = new LiveChannel({
      baseUrl,
      token,
      onOpen: () => this.suppressions.now(),
      onMessage: (type) => {
        if (suppressionChanges.has(type)) this.suppressions.now();
        onMessage?.(type);
      },
      clock,
      log,
    });
  }

  /** All but the comparison, which needs a list of one's own first. */
  start(): void {
    this.suppressions.start();
    this.#channel.start();
  }

  /** Stops reading, then tries to deliver what is left. Returns how many messages were not delivered. */
  async stop(graceMs: number): Promise<number> {
    void Promise.all([this.suppressions.stop(), this.comparison.stop(), this.#channel.stop()]);
    return this.delivery.drain(graceMs);
  }
}
