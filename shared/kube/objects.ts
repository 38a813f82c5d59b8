/** The few fields that all Kubernetes objects share, and the paths of the ones this project touches. */

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly time?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

export interface KubeObject {
  readonly metadata: ObjectMeta;
}

export interface Secret extends KubeObject {
  readonly type?: string;
  readonly immutable?: boolean;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Annotation of what `kubectl apply` has written: a copy of the whole object, values included. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** Decodes one entry of a Secret's data; undefined if it is missing. */
export function secretEntry(secret: Secret | undefined, key: string): string | undefined {
  const encoded = secret?.data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

export const encodeEntry = (value: string): string => Buffer.from(value, 'utf8').toString('base64');

type Collection =
  | 'secrets'
  | 'configmaps'
  | 'pods'
  | 'events'
  | 'leases'
  | 'serviceaccounts'
  | 'endpointslices'
  | 'namespaces'
  | 'deployments'
  | 'daemonsets'
  | 'statefulsets';

const groups: Readonly<Record<Collection, string>> = {
  secrets: '/api/v1',
  configmaps: '/api/v1',
  pods: '/api/v1',
  events: '/api/v1',
  leases: '/apis/coordination.k8s.io/v1',
  serviceaccounts: '/api/v1',
  endpointslices: '/apis/discovery.k8s.io/v1',
  namespaces: '/api/v1',
  deployments: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
};

/** Path of a collection, in one namespace or (without one) in all of them. */
export function collectionPath(collection: Collection, namespace?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groups[collection]}${scope}/${collection}`;
}

export function objectPath(collection: Collection, namespace: string, name: string): string {
  return `${collectionPath(collection, namespace)}/${encodeURIComponent(name)}`;
}
