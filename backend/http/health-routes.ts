/** For the kubelet and for Prometheus; open to everybody. */
import type { Readiness } from '../domain/readiness.ts';
import type { Metrics } from '../metrics.ts';
import type { Scope } from './scope.ts';

export interface HealthRoutesDeps {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

export function healthRoutes(scope: Scope, { readiness, metrics }: HealthRoutesDeps): void {
  scope.get('/health', async () => ({ status: 'healthy' }));

  scope.get('/ready', async (_request, reply) => {
    const { reasons } = readiness;
    if (reasons.length === 0) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready', reasons });
  });

  scope.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
