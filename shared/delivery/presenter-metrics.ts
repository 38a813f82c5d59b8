/** What every presenter counts, for Prometheus. */
import { Counter, Gauge, Registry } from '@prometheus-io/client';
import type { ReflectorStats } from '../kube/reflector.ts';
import type { BackendLink } from './backend-link.ts';

/** `watch` is how its view of the cluster is doing. */
export function presenterMetrics({ backend, delivery }: BackendLink, watch: Readonly<ReflectorStats>): Registry {
  const registry = new Registry();
  registry.registerMetric(
    new Counter({
      name: 'kure_presenter_requests_total',
      help: 'Requests to the backend by outcome',
      labelNames: ['outcome'],
      registers: [],
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(backend.outcomes)) this.inc({ outcome }, count);
      },
    }),
  );
  registry.registerMetric(
    new Counter({
      name: 'kure_presenter_messages_total',
      help: 'Messages for the backend by what became of them',
      labelNames: ['fate'],
      registers: [],
      collect() {
        this.reset();
        for (const [fate, count] of Object.entries(delivery.stats)) this.inc({ fate }, count);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'kure_presenter_messages_waiting',
      help: 'Messages not yet delivered',
      registers: [],
      collect() {
        this.set(delivery.size);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'kure_presenter_contact_timestamp_seconds',
      help: 'When the API server last said anything about a pod',
      registers: [],
      collect() {
        this.set(watch.lastContactAt / 1000);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'kure_presenter_watch_missed_changes',
      help: 'Changes of a pod that a list found and the watch had not delivered; must stay 0',
      registers: [],
      collect() {
        this.set(watch.missed);
      },
    }),
  );
  return registry;
}
