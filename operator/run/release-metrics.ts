/** The series of one release: what its loop tells, and the times that pass between two passes. */
import type { Counter, Gauge } from '@prometheus-io/client';
import type { Clock } from '../../shared/clock.ts';
import { phases, type Phase } from '../../shared/contract/phases.ts';
import { keyNames, targetOf, type KeyName, type KeyRecord } from '../../shared/credential/keyring.ts';
import type { Outcome } from '../act/execute.ts';
import type { Told } from '../act/told.ts';
import type { Action, Notice } from '../model/action.ts';
import type { Release } from '../model/release.ts';
import { isUnused, workloadId, type Snapshot } from '../model/snapshot.ts';

type Label = 'namespace' | 'release';

/** Shared by all releases. */
export interface Series {
  readonly phase: Gauge<Label | 'phase'>;
  readonly phaseSeconds: Counter<Label | 'phase'>;
  readonly age: Gauge<Label | 'key'>;
  readonly overlap: Gauge<Label | 'key'>;
  readonly rotations: Counter<Label | 'outcome'>;
  readonly restarts: Counter<Label | 'workload'>;
  readonly repairs: Counter<Label>;
  readonly putBacks: Counter<Label | 'cause'>;
  readonly failures: Counter<Label | 'action'>;
}

const outcomes: Readonly<Partial<Record<Notice['reason'], string>>> = {
  RotationCompleted: 'completed',
  Aborted: 'aborted',
  Revoked: 'revoked',
};

export class ReleaseMetrics {
  readonly #own: Readonly<Record<Label, string>>;
  readonly #series: Series;
  readonly #clock: Clock;
  readonly #onForget: () => void;
  #records: Readonly<Partial<Record<KeyName, KeyRecord>>> = {};
  #phase: Phase | undefined;
  #accruedAt: number;

  constructor({ namespace, name }: Release, series: Series, clock: Clock, onForget: () => void) {
    this.#own = { namespace, release: name };
    this.#series = series;
    this.#clock = clock;
    this.#onForget = onForget;
    this.#accruedAt = clock.now();
  }

  observe(snapshot: Snapshot, { phase }: Told, done: readonly Outcome[]): void {
    this.accrue();
    if (isUnused(snapshot)) this.#endState();
    else this.#noteState(snapshot, phase);
    for (const { action, error } of done) {
      if (error === undefined) this.#count(action);
      else this.#series.failures.inc({ ...this.#own, action: action.kind });
    }
  }

  #noteState({ keyring }: Snapshot, phase: Phase): void {
    this.#records = keyring?.keyring.keys ?? {};
    if (phase !== this.#phase) for (const each of phases) this.#series.phase.set({ ...this.#own, phase: each }, Number(each === phase));
    this.#phase = phase;
  }

  /** What was counted stays. */
  #endState(): void {
    const { phase, age, overlap } = this.#series;
    for (const each of phases) phase.remove({ ...this.#own, phase: each });
    for (const metric of [age, overlap]) for (const key of keyNames) metric.remove({ ...this.#own, key });
    this.#records = {};
    this.#phase = undefined;
  }

  /** Brings the times up to now. */
  accrue(): void {
    const now = this.#clock.now();
    // A clock that is set back takes nothing away.
    const seconds = Math.max(0, now - this.#accruedAt) / 1000;
    this.#accruedAt = now;
    if (this.#phase !== undefined) this.#series.phaseSeconds.inc({ ...this.#own, phase: this.#phase }, seconds);
    for (const key of keyNames) {
      const record = this.#records[key];
      if (!record) continue;
      const since = (instant: string) => Math.max(0, now - Date.parse(instant)) / 1000;
      this.#series.age.set({ ...this.#own, key }, since(targetOf(record).recordedAt));
      const second = record.accepted[1];
      this.#series.overlap.set({ ...this.#own, key }, second ? since(second.recordedAt) : 0);
    }
  }

  /** Ends the series of a release that is gone, or that another process works on now. */
  async forget(): Promise<void> {
    this.#onForget();
    const { phase, phaseSeconds, age, overlap, rotations, restarts, repairs, putBacks, failures } = this.#series;
    for (const metric of [phase, phaseSeconds, age, overlap, rotations, restarts, repairs, putBacks, failures]) {
      const { values } = await metric.get();
      for (const { labels } of values) if (this.#isOwn(labels)) metric.remove(labels as never);
    }
  }

  #isOwn({ namespace, release }: Partial<Record<string, string | number>>): boolean {
    return namespace === this.#own.namespace && release === this.#own.release;
  }

  #count(action: Action): void {
    const { rotations, restarts, repairs, putBacks } = this.#series;
    if (action.kind === 'Reread') return;
    if (action.kind === 'Stamp') restarts.inc({ ...this.#own, workload: workloadId(action.workload) });
    if (action.kind === 'Evict') repairs.inc(this.#own);
    for (const { reason } of action.notices) {
      const outcome = outcomes[reason];
      if (outcome !== undefined) rotations.inc({ ...this.#own, outcome });
      if (action.kind === 'WriteSource' && Object.keys(action.values).length > 0) putBacks.inc({ ...this.#own, cause: reason });
    }
  }
}
