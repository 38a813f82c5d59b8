/** Whether an operator runs for the release: what is asked of it would otherwise wait for nobody. */
import type { Clock } from '../../../shared/clock.ts';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { objectPath, type KubeObject } from '../../../shared/kube/objects.ts';
import { ifReadable } from '../optional.ts';
import { environmentOf, isOf, operators, type DeploymentObject } from './deployment.ts';
import type { LeasedRelease } from './settings.ts';

interface Lease extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string; readonly renewTime?: string; readonly leaseDurationSeconds?: number };
}

/** `unknown`: we may read neither its Lease nor its Deployment. */
export type Liveness = 'running' | 'away' | 'unknown';

interface Looking extends LeasedRelease {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const lookAgainMs = 1_000;

/**
 * A Lease outlives an operator that was killed or uninstalled, so one without pods is away, and where there is none of which we know
 * the Lease has to be renewed while we look; one that is merely unready may hold it.
 */
export async function operatorLiveness(looking: Looking): Promise<Liveness> {
  const { client, release } = looking;
  const here = await operators(client, release.namespace);
  const own = here?.filter((operator) => isOf(release, operator)) ?? [];
  if (own.length > 0 && !own.some(hasPods)) return 'away';
  const lease = await ifReadable(readLease(looking));
  const isDoubtful = here !== undefined && own.length === 0;
  if (lease && (await isKept(lease, looking, isDoubtful))) return 'running';
  if (own.length > 0) return !lease && own.some(isAvailable) ? 'running' : 'away';
  // A Lease that nobody keeps may be left of an own operator, before one of cluster scope took over.
  const everywhere = await operators(client);
  if (!everywhere) return lease ? 'away' : 'unknown';
  return everywhere.some((one) => isAvailable(one) && environmentOf(one)['SCOPE'] === 'cluster') ? 'running' : 'away';
}

const hasPods = ({ status }: DeploymentObject): boolean => (status?.replicas ?? 0) > 0;
const isAvailable = ({ status }: DeploymentObject): boolean => (status?.availableReplicas ?? 0) > 0;

const readLease = ({ client, release, lease }: Looking): Promise<Lease> =>
  client.get<Lease>(objectPath('leases', release.namespace, lease));

/** Held, and renewed lately; where we or our clock doubt it, renewed while we look, for clocks differ. */
async function isKept({ spec, metadata }: Lease, looking: Looking, isDoubtful: boolean): Promise<boolean> {
  const { clock, signal } = looking;
  if (!spec?.holderIdentity) return false;
  const durationMs = (spec.leaseDurationSeconds ?? 15) * 1000;
  const startedAt = clock.now();
  if (!isDoubtful && Math.abs(startedAt - Date.parse(spec.renewTime ?? '')) < durationMs) return true;
  while (clock.now() - startedAt < durationMs) {
    await clock.sleep(lookAgainMs, signal);
    const next = await ifReadable(readLease(looking));
    if (next?.metadata.resourceVersion !== metadata.resourceVersion) return next?.spec?.holderIdentity !== undefined;
  }
  return false;
}
