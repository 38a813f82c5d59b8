/** The fields of a pod that the agent looks at. */
import type { KubeObject } from '../shared/kube/objects.ts';

export interface Pod extends KubeObject {
  readonly spec?: PodSpec;
  readonly status?: PodStatus;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly restartPolicy?: string;
  readonly initContainers?: readonly InitContainer[];
  readonly [field: string]: unknown;
}

export interface InitContainer {
  readonly name: string;
  /** `Always` makes it one that runs beside the others. */
  readonly restartPolicy?: string;
  readonly [field: string]: unknown;
}

export interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly PodCondition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string };
}

/** Namespace and name: what the backend knows a pod by. */
export const podKey = (namespace: string, name: string): string => `${namespace}/${name}`;

export const keyOf = (pod: Pod): string => podKey(pod.metadata.namespace ?? '', pod.metadata.name);

/** Init containers first, in the order in which they run. */
export function containerStatuses(pod: Pod): readonly ContainerStatus[] {
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
}

/** Drops what the agent never needs; of a pod that another agent reports only the name stays. */
export function stripPod(pod: Pod, isMine: (pod: Pod) => boolean): Pod {
  const { managedFields: _, ...metadata } = pod.metadata;
  if (isMine(pod)) return { ...pod, metadata };
  const { name, namespace, uid, resourceVersion } = metadata;
  const nodeName = pod.spec?.nodeName;
  return {
    metadata: { name, uid, resourceVersion, ...(namespace !== undefined && { namespace }) },
    ...(nodeName !== undefined && { spec: { nodeName } }),
  };
}
