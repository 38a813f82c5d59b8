/** The small HTTP server beside a presenter: /livez, /readyz, /metrics. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { Counter, Gauge, Registry } from '@prometheus-io/client';
import type { Backend } from './backend.ts';
import type { Delivery } from './delivery.ts';

export interface HealthOptions {
  readonly port: number;
  /** What is still missing, in one sentence; undefined if nothing is. */
  readonly whyNotReady: () => string | undefined;
  readonly metrics: Registry;
}

/** Resolves when it listens; rejects if the port is taken. */
export async function startHealth({ port, whyNotReady, metrics }: HealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/livez') {
      response.end('ok\n');
    } else if (request.url === '/readyz') {
      const missing = whyNotReady();
      response.writeHead(missing === undefined ? 200 : 503).end(`${missing ?? 'ok'}\n`);
    } else if (request.url === '/metrics') {
      response.setHeader('content-type', metrics.contentType);
      void metrics.metrics().then((text) => response.end(text));
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(port);
  await once(server, 'listening');
  return server;
}

/** What every presenter counts. */
export function presenterMetrics(backend: Backend, delivery: Delivery): Registry {
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
  return registry;
}
