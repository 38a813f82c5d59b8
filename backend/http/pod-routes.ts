/** What agents report about failing pods. */
import { Type } from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import { PodFailure, PodName, PodReport } from '../../shared/contract/pods.ts';
import { Done } from '../../shared/contract/security.ts';
import type { Metrics } from '../metrics.ts';
import type { PodFailureStore } from '../store/store.ts';
import type { Scope } from './scope.ts';

export interface PodRoutesDeps {
  readonly podFailures: PodFailureStore;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

export function podRoutes(scope: Scope, { podFailures, metrics, clock }: PodRoutesDeps): void {
  scope.get('/api/pods/failed', { schema: { response: { 200: Type.Array(PodFailure) } } }, () =>
    podFailures.active(),
  );

  scope.post('/api/pods/failed', { schema: { body: PodReport, response: { 200: PodFailure } } }, async ({ body }) => {
    const failure = await podFailures.save(body);
    metrics.podFailures.inc({ namespace: body.namespace, reason: body.failure_reason });
    return failure;
  });

  scope.post('/api/pods/dismiss-deleted', { schema: { body: PodName, response: { 200: Done } } }, async ({ body }) => {
    const at = new Date(clock.now()).toISOString();
    await podFailures.resolve(body, 'The pod recovered or was deleted', at);
    return { message: 'Pod auto-resolved' };
  });
}
