/** Names that the operator shares with the cluster. */
import type { WorkloadKind } from './snapshot.ts';

/** Stamps, roles and switches of pod templates begin with it. */
export const annotationPrefix = 'bootstrap.kure.io/';

export const workloadCollections = {
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
} as const satisfies Record<WorkloadKind, string>;
