/** Whether the Services of the verifiers lead anywhere. */
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath } from '../../../shared/kube/objects.ts';
import type { Workload } from '../../model/snapshot.ts';

interface EndpointSlice {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

/** In the chart a backend and its Service have one name; of one without an available pod nothing is said. */
export async function findDeadEnds(client: KubeClient, namespace: string, readers: readonly Workload[]): Promise<string[]> {
  const backends = readers.filter(({ role, name, rollout }) => role === 'verifier' && name.endsWith('-backend') && rollout.available > 0);
  const found = await Promise.all(backends.map(async ({ name }) => ((await hasEndpoint(client, namespace, name)) ? [] : [name])));
  return found.flat();
}

async function hasEndpoint(client: KubeClient, namespace: string, service: string): Promise<boolean> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const { items } = await client.get<{ items: EndpointSlice[] }>(collectionPath('endpointslices', namespace), { labelSelector });
  return items.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
}
