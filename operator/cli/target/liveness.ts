/** Whether an operator runs for the release: what is asked of it would otherwise wait for nobody. */
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath, objectPath, type KubeObject } from '../../../shared/kube/objects.ts';
import { ifReadable } from '../optional.ts';
import { environmentOf, type DeploymentObject } from './deployment.ts';
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
  if (lease) return isFresh(lease, now) ? 'running' : 'away';
  const { namespace, name } = target.release;
  const own = await operators(client, namespace);
  const serving = own?.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] === name) ?? [];
  if (serving.length > 0) return serving.some(isAvailable) ? 'running' : 'away';
  const everywhere = await operators(client);
  if (!everywhere) return 'unknown';
  return everywhere.some((one) => isAvailable(one) && environmentOf(one)['SCOPE'] === 'cluster') ? 'running' : 'away';
}

/** In one namespace, or in all; undefined where they may not be listed. */
async function operators(client: KubeClient, namespace?: string): Promise<DeploymentObject[] | undefined> {
  const labelSelector = 'app.kubernetes.io/component=operator';
  const path = collectionPath('deployments', namespace);
  return (await ifReadable(client.get<{ items: DeploymentObject[] }>(path, { labelSelector })))?.items;
}

const isAvailable = ({ status }: DeploymentObject): boolean => (status?.availableReplicas ?? 0) > 0;

export const readLease = (client: KubeClient, { release, lease }: Target): Promise<Lease> =>
  client.get<Lease>(objectPath('leases', release.namespace, lease));

export function isFresh({ spec }: Lease, now: number): boolean {
  if (!spec?.holderIdentity || spec.renewTime === undefined) return false;
  return now - Date.parse(spec.renewTime) < (spec.leaseDurationSeconds ?? 15) * 1000 + clockToleranceMs;
}
