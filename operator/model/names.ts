/** Names that the operator shares with the cluster. */
import type { WorkloadKind } from './snapshot.ts';

/** Stamps, roles and switches of pod templates begin with it. */
export const annotationPrefix = 'bootstrap.kure.io/';

/** Label of the Secrets that belong together: `bootstrap`, `encryption` or `keyring`; an operator of cluster scope finds them by it. */
export const secretLabel = `${annotationPrefix}secret`;

/** Annotation of Secrets: `own` where an operator of their own release serves them. */
export const operatorAnnotation = `${annotationPrefix}operator`;

/** Whether a field manager is Helm, which names itself after its program's file: `helm3`, `helm-controller`, `terraform-provider-helm_v3.0.2_x5`. */
export const isHelm = (manager = ''): boolean => /^(terraform-provider-)?helm/i.test(manager);

export const workloadCollections = {
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  StatefulSet: 'statefulsets',
} as const satisfies Record<WorkloadKind, string>;
export const workloadKinds = Object.keys(workloadCollections) as WorkloadKind[];

/** Of the objects that the operator makes. */
export const ownLabels = (release: string): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/instance': release,
  'app.kubernetes.io/managed-by': 'kure-bootstrap',
});
