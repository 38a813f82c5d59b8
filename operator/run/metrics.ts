/** What the operator counts, for Prometheus. */
import { Counter, Gauge, Registry } from '@prometheus-io/client';
import { keyNames } from '../../shared/credential/keyring.ts';
import type { ReflectorStats } from '../../shared/kube/reflector.ts';
import type { Outcome } from '../act/execute.ts';
import { phases, type Plan } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';

export class Metrics {
  readonly registry = new Registry();
  readonly #phase = this.#gauge('phase', '1 for the phase that the rotation is in', ['phase']);
  readonly #age = this.#gauge('generation_age_seconds', 'Age of the generation in force', ['key']);
  readonly #overlap = this.#gauge('overlap_generations', 'Accepted generations; more than 1 is an open overlap', ['key']);
  readonly #restarts = this.#counter('restarts_total', 'Restart patches', ['workload']);
  readonly #notices = this.#counter('notices_total', 'What was told to people, by reason', ['reason']);
  readonly #failures = this.#counter('action_failures_total', 'Actions that could not be carried out', ['action']);

  /** `stats` are those of the watches, read whenever somebody asks. */
  constructor(stats: () => readonly Readonly<ReflectorStats>[]) {
    const oldestContact = () => Math.min(...stats().map(({ lastContactAt }) => lastContactAt)) / 1000;
    const missed = () => stats().reduce((sum, watch) => sum + watch.missed, 0);
    this.#gauge('last_contact_timestamp_seconds', 'Oldest last answer of the API server to a watch', [], oldestContact);
    this.#gauge('watch_gaps', 'Changes that a list found and the watch had not delivered', [], missed);
  }

  observe(snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[], now: number): void {
    for (const phase of phases) this.#phase.set({ phase }, Number(phase === plan.phase));
    for (const key of keyNames) {
      const accepted = snapshot.keyring?.keyring.keys[key]?.accepted ?? [];
      this.#overlap.set({ key }, accepted.length);
      const newest = accepted.at(-1);
      if (newest) this.#age.set({ key }, Math.max(0, now - Date.parse(newest.recordedAt)) / 1000);
    }
    for (const { action, error } of outcomes) {
      if (error !== undefined) this.#failures.inc({ action: action.kind });
      else if (action.kind === 'Stamp') this.#restarts.inc({ workload: `${action.workload.kind}/${action.workload.name}` });
      if (error !== undefined || action.kind === 'Reread') continue;
      for (const { reason } of action.notices) this.#notices.inc({ reason });
    }
  }

  #gauge<const L extends string>(name: string, help: string, labelNames: L[], read?: () => number): Gauge<L> {
    const gauge = { name: `kure_bootstrap_${name}`, help, labelNames, registers: [this.registry] };
    if (!read) return new Gauge(gauge);
    return new Gauge({
      ...gauge,
      collect() {
        this.set(read());
      },
    });
  }

  #counter<const L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: `kure_bootstrap_${name}`, help, labelNames, registers: [this.registry] });
  }
}
