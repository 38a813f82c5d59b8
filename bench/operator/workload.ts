/** What a Deployment or a DaemonSet of one pod says of itself. */
import type { KubeObject } from '../../shared/kube/objects.ts';

export interface WorkloadObject extends KubeObject {
  readonly status?: Readonly<Record<string, number>>;
}

/** Its controller has seen the newest template, and its one pod is of that template and serves. */
export function isRolledOut({ metadata, status = {} }: WorkloadObject): boolean {
  const pods =
    status['desiredNumberScheduled'] === undefined
      ? [status['updatedReplicas'], status['availableReplicas'], status['replicas']]
      : [status['updatedNumberScheduled'], status['numberAvailable'], status['currentNumberScheduled']];
  return status['observedGeneration'] === metadata.generation && pods.every((count) => count === 1);
}
