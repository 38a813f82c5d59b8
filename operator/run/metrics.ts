/** What the operator counts, for Prometheus. */
import { Counter, Gauge, Registry } from '@prometheus-io/client';
import type { Clock } from '../../shared/clock.ts';
import type { ReflectorStats } from '../../shared/kube/reflector.ts';
import type { Release } from '../model/release.ts';
import { ReleaseMetrics, type Series } from './release-metrics.ts';

export interface MetricsOptions {
  readonly clock: Clock;
  /** Of the watches; read whenever somebody asks. */
  readonly stats: () => readonly Readonly<ReflectorStats>[];
  readonly isLeader: () => boolean;
}

const releaseLabels = ['namespace', 'release'] as const;

export class Metrics {
  readonly registry = new Registry();
  readonly #clock: Clock;
  readonly #releases = new Set<ReleaseMetrics>();
  readonly #series: Series;

  constructor({ clock, stats, isLeader }: MetricsOptions) {
    this.#clock = clock;
    // Before the others, so that their times count up to when they are read.
    this.#gauge('releases', 'Releases that this process works on', [], () => this.#accrue());
    this.#series = {
      phase: this.#gauge('phase', '1 for the phase that the release is in', [...releaseLabels, 'phase']),
      phaseSeconds: this.#counter('phase_seconds_total', 'Time spent in the phase', [...releaseLabels, 'phase']),
      age: this.#gauge('generation_age_seconds', 'Age of the target', [...releaseLabels, 'key']),
      overlap: this.#gauge('overlap_open_seconds', 'For how long more than one generation has been accepted; 0 while one is', [...releaseLabels, 'key']),
      rotations: this.#counter('rotations_total', 'Rotations that ended, by outcome', [...releaseLabels, 'outcome']),
      restarts: this.#counter('restarts_total', 'Restart patches', [...releaseLabels, 'workload']),
      repairs: this.#counter('repairs_total', 'Single pods evicted because they used an older generation', [...releaseLabels]),
      putBacks: this.#counter('put_backs_total', 'Values put into a Secret that people edit, by cause', [...releaseLabels, 'cause']),
      failures: this.#counter('action_failures_total', 'Actions that could not be carried out', [...releaseLabels, 'action']),
    };
    const oldestContact = () => Math.min(...stats().map(({ lastContactAt }) => lastContactAt)) / 1000;
    const missed = () => stats().reduce((sum, watch) => sum + watch.missed, 0);
    this.#gauge('last_contact_timestamp_seconds', 'Oldest last answer of the API server to a watch', [], oldestContact);
    this.#gauge('watch_gaps', 'Changes that a list found and the watch had not delivered', [], missed);
    this.#gauge('leader', '1 for the process that holds the Lease and writes', [], () => Number(isLeader()));
  }

  /** The series of one release, until they are forgotten. */
  of(release: Release): ReleaseMetrics {
    const metrics = new ReleaseMetrics(release, this.#series, this.#clock, () => this.#releases.delete(metrics));
    this.#releases.add(metrics);
    return metrics;
  }

  #accrue(): number {
    for (const release of this.#releases) release.accrue();
    return this.#releases.size;
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
