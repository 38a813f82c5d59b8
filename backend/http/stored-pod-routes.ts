/** Logs and manifests of failing pods, by the names that Kure Monitor 2.3 has for them. */
import { Type } from 'typebox';
import { PodLogs, PodManifest } from '../../shared/contract/pods.ts';
import { storedLogs, storedManifest } from '../domain/stored-pod.ts';
import type { PodFailureStore } from '../store/store.ts';
import { Flag, isYes } from './flag.ts';
import type { Scope } from './scope.ts';

const Pod = Type.Object({ namespace: Type.String(), pod: Type.String() });
const Wanted = Type.Object({
  container: Type.Optional(Type.String()),
  tail_lines: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,2}|[1-4][0-9]{3}|5000)$', description: '1 to 5000; 100 if absent' })),
  previous: Type.Optional(Flag),
});

export function storedPodRoutes(scope: Scope, { podFailures }: { readonly podFailures: PodFailureStore }): void {
  const manifest = { schema: { params: Pod, response: { 200: PodManifest } } };
  scope.get('/api/pods/:namespace/:pod/manifest', manifest, ({ params: { namespace, pod } }) =>
    storedManifest(podFailures, { namespace, pod_name: pod }),
  );

  const logs = { schema: { params: Pod, querystring: Wanted, response: { 200: PodLogs } } };
  scope.get('/api/pods/:namespace/:pod/logs', logs, ({ params: { namespace, pod }, query }) =>
    storedLogs(
      podFailures,
      { namespace, pod_name: pod },
      {
        container: query.container || undefined,
        run: isYes(query.previous) ? 'previous' : 'current',
        lines: Number(query.tail_lines ?? 100),
      },
    ),
  );
}
