/** How the watches of the Secrets are doing, looked up whenever somebody asks. */
import { Gauge, type Registry } from '@prometheus-io/client';
import type { ReflectorStats } from '../../shared/kube/reflector.ts';

/** `stats` by the name of the Secret. */
export function showWatches(registry: Registry, stats: Readonly<Record<string, ReflectorStats>>): void {
  const show = (name: string, help: string, valueOf: (stats: ReflectorStats) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['secret'],
      registers: [registry],
      collect() {
        for (const [secret, current] of Object.entries(stats)) this.set({ secret }, valueOf(current));
      },
    });
  show(
    'kure_bootstrap_secret_contact_timestamp_seconds',
    'When the API server last said anything about a Secret',
    ({ lastContactAt }) => lastContactAt / 1000,
  );
  show(
    'kure_bootstrap_watch_missed_changes',
    'Changes of a Secret that a list found and the watch had not delivered; must stay 0',
    ({ missed }) => missed,
  );
}
