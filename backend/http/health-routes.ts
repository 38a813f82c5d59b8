/** For the kubelet and for Prometheus; open to everybody. */
import { Type } from 'typebox';
import type { Readiness } from '../domain/readiness.ts';
import type { Metrics } from '../metrics.ts';
import type { Scope } from './scope.ts';

export interface HealthRoutesDeps {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

const Healthy = Type.Object({ status: Type.Literal('healthy') });
const Ready = Type.Object({ status: Type.Literal('ready') });
const NotReady = Type.Object({ status: Type.Literal('not ready'), reasons: Type.Array(Type.String()) }, { description: 'Not ready' });
const Exposition = { content: { 'text/plain': { schema: Type.String() } } };

export function healthRoutes(scope: Scope, { readiness, metrics }: HealthRoutesDeps): void {
  scope.get('/health', { schema: { response: { 200: Healthy } } }, async () => ({ status: 'healthy' as const }));

  scope.get('/ready', { schema: { response: { 200: Ready, 503: NotReady } } }, async (_request, reply) => {
    const { reasons } = readiness;
    if (reasons.length === 0) return { status: 'ready' as const };
    return reply.code(503).send({ status: 'not ready', reasons: [...reasons] });
  });

  scope.get('/metrics', { schema: { response: { 200: Exposition } } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
