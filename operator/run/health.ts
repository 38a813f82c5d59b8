/** `/livez`: the loop turns and the API server answers. `/readyz`: every first list is there. `/metrics`: Prometheus. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../shared/clock.ts';
import type { ClusterView } from '../observe/cluster-view.ts';
import type { Metrics } from './metrics.ts';

export interface HealthOptions {
  readonly port: number;
  readonly cluster: ClusterView;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export interface Health {
  readonly address: string;
  /** Notes that a pass came to its end. */
  passed(): void;
  close(): Promise<void>;
}

interface Page {
  readonly status: number;
  readonly body: string;
}

const ok: Page = { status: 200, body: 'ok\n' };
const notYet = (reason: string): Page => ({ status: 503, body: `${reason}\n` });

/** Milliseconds without a pass after which the kubelet should restart us; a pass is due every minute. */
const maxPassAgeMs = 300_000;

export async function serveHealth({ port, cluster, metrics, clock }: HealthOptions): Promise<Health> {
  let passedAt = clock.now();
  const pages: Readonly<Record<string, () => Promise<Page> | Page>> = {
    '/livez': () => (clock.now() - passedAt < maxPassAgeMs ? ok : notYet('no pass for five minutes')),
    '/readyz': () => (cluster.isReady ? ok : notYet('the first lists are not complete')),
    '/metrics': async () => {
      metrics.watches(cluster.stats());
      return { status: 200, body: await metrics.registry.metrics() };
    },
  };
  const server = createServer((request, response) => {
    void Promise.resolve(pages[request.url ?? '']?.() ?? { status: 404, body: 'not found\n' }).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end(body),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, resolve);
  });
  return {
    address: `:${(server.address() as AddressInfo).port}`,
    passed: () => {
      passedAt = clock.now();
    },
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
