/** Whether an operator runs for the release: what is asked of it would otherwise wait for nobody. */
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath, type KubeObject } from '../../../shared/kube/objects.ts';
import { ifReadable } from '../optional.ts';
import { isOperator, type DeploymentObject } from './deployment.ts';
import type { Target } from './settings.ts';

export interface Lease extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string; readonly leaseDurationSeconds?: number };
}

/** `unknown`: we may read neither its Lease nor its Deployment. */
export type Liveness = 'running' | 'away' | 'unknown';

/** Clocks of a workstation and of a cluster differ. */
const clockToleranceMs = 60_000;

export async function operatorLiveness(client: KubeClient, target: Target, now: number): Promise<Liveness> {
  const lease = await ifReadable(readLease(client, target));
  if (lease !== undefined) return isFresh(lease, now) ? 'running' : 'away';
  const { namespace, name } = target.release;
  const labelSelector = `app.kubernetes.io/instance=${name}`;
  const path = collectionPath('deployments', namespace);
  const deployments = await ifReadable(client.get<{ items: DeploymentObject[] }>(path, { labelSelector }));
  if (deployments === undefined) return 'unknown';
  return deployments.items.some((one) => isOperator(one) && (one.status?.availableReplicas ?? 0) > 0) ? 'running' : 'away';
}

export const readLease = (client: KubeClient, { release, lease }: Target): Promise<Lease> =>
  client.get<Lease>(`/apis/coordination.k8s.io/v1/namespaces/${release.namespace}/leases/${lease}`);

export function isFresh({ spec }: Lease, now: number): boolean {
  if (!spec?.holderIdentity || spec.renewTime === undefined) return false;
  return now - Date.parse(spec.renewTime) < (spec.leaseDurationSeconds ?? 15) * 1000 + clockToleranceMs;
}
