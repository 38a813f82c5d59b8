/**
 * Tells people what the loop of one release does, beside the loop: Events one after the other, of the status always the
 * newest. Nothing here holds a pass back.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Phase } from '../../shared/contract/phases.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import type { Logger } from '../../shared/log.ts';
import { keyNames } from '../../shared/credential/keyring.ts';
import { announcementsOf } from '../act/announcements.ts';
import { EventWriter, type Reference } from '../act/events.ts';
import { isOvertaken, noticesOf, type Outcome } from '../act/execute.ts';
import { StatusWriter } from '../act/status.ts';
import { statusDocument, type Since } from '../act/status-document.ts';
import { toldOf, type Told } from '../act/told.ts';
import type { Plan } from '../model/plan.ts';
import type { Release } from '../model/release.ts';
import type { Snapshot } from '../model/snapshot.ts';

export interface ReporterOptions {
  readonly client: KubeClient;
  readonly release: Release;
  /** Name of the operator's pod: the source of the Events. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly count: (snapshot: Snapshot, told: Told, outcomes: readonly Outcome[]) => void;
}

type Write = () => Promise<void>;

/**
 * Milliseconds: what is told at once competes at the API server with the patch that the next stride sends, and is old
 * news after it.
 */
const holdBackMs = 200;

/** Milliseconds from one status to the next of the same phases: every pod of a rotation changes it. */
const statusRestMs = 2_000;

export class Reporter {
  readonly #options: ReporterOptions;
  readonly #events: EventWriter;
  readonly #status: StatusWriter;
  #phase: Phase | undefined;
  /** That of the whole and those of the keys. */
  #phases = '';
  #began: Partial<Record<string, { readonly phase: Phase; readonly at: string }>> = {};
  #eventsWritten: Promise<void> = Promise.resolve();
  #statusWritten: Promise<void> = Promise.resolve();
  #newestStatus: Write | undefined;
  #statusRested: Promise<void> = Promise.resolve();
  #statusRest = new AbortController();
  readonly #leaving = new AbortController();
  #isOver = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#events = new EventWriter(options.client, options.instance);
    this.#status = new StatusWriter(options.client, options.release);
  }

  tell(snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[]): void {
    const { release, clock, log, count } = this.#options;
    const now = clock.now();
    const told = toldOf(plan, outcomes);
    count(snapshot, told, outcomes);
    for (const outcome of outcomes) logOutcome(outcome, log);
    for (const announcement of announcementsOf(bootstrapOf(snapshot, release), plan, told, outcomes, this.#phase)) {
      this.#eventsWritten = this.#after(this.#eventsWritten, () => this.#events.write(announcement, now));
    }
    this.#phase = told.phase;
    const phases = [told.phase, ...Object.values(plan.keys).map(({ phase }) => phase)].join(' ');
    if (phases !== this.#phases) this.#statusRest.abort(new Error('people wait for it'));
    this.#phases = phases;
    const since = this.#since(plan, now);
    this.#writeStatus(() => this.#status.write(snapshot, statusDocument(snapshot, plan, told, since), now));
  }

  /** Resolves when everything told so far is written or could not be; after so many milliseconds the rest is dropped. */
  async flush(withinMs: number): Promise<void> {
    for (const waiting of [this.#leaving, this.#statusRest]) waiting.abort(new Error('the last words'));
    const written = new AbortController();
    const writing = Promise.all([this.#eventsWritten, this.#statusWritten]).then(() => written.abort(new Error('all is told')));
    await Promise.race([writing, this.#options.clock.sleep(withinMs, written.signal).catch(() => {})]);
    this.#isOver = true;
  }

  /** One that waits is replaced by a newer one. */
  #writeStatus(write: Write): void {
    const isWaiting = this.#newestStatus !== undefined;
    this.#newestStatus = write;
    if (isWaiting) return;
    this.#statusWritten = this.#after(Promise.all([this.#statusWritten, this.#statusRested]), async () => {
      const newest = this.#newestStatus;
      this.#newestStatus = undefined;
      this.#statusRest = new AbortController();
      this.#statusRested = this.#pause(statusRestMs, this.#statusRest.signal);
      await newest?.();
    });
  }

  /** A moment later, for the loop's own writes go first. */
  async #after(earlier: Promise<unknown>, write: Write): Promise<void> {
    await Promise.all([earlier, this.#pause(holdBackMs, this.#leaving.signal)]);
    if (this.#isOver) return;
    await write().catch((error: unknown) => this.#options.log.warn({ err: error }, 'could not tell people'));
  }

  /** So many milliseconds, or until the signal is aborted. */
  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return this.#options.clock.sleep(ms, signal).catch(() => {});
  }

  #since({ keys }: Plan, now: number): Since {
    for (const key of keyNames) {
      const phase = keys[key]?.phase;
      if (phase === undefined) delete this.#began[key];
      else if (this.#began[key]?.phase !== phase) this.#began[key] = { phase, at: new Date(now).toISOString() };
    }
    return Object.fromEntries(Object.entries(this.#began).map(([key, began]) => [key, began?.at]));
  }
}

const bootstrapOf = ({ sources }: Snapshot, { namespace, bootstrapSecret }: Release): Reference => ({
  apiVersion: 'v1',
  kind: 'Secret',
  name: bootstrapSecret,
  namespace,
  uid: sources.bootstrap?.uid,
});

function logOutcome(outcome: Outcome, log: Logger): void {
  const { action, error } = outcome;
  if (error === undefined) {
    for (const { reason, message } of noticesOf(action)) log.info({ action: action.kind, reason, what: message }, 'done');
    return;
  }
  log[isOvertaken(outcome) ? 'debug' : 'warn']({ action: action.kind, err: error }, 'action failed');
}
