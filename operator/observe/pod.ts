/** From a pod of the API to what deciding knows about it. Pure. */
import type { KubeObject, OwnerReference } from '../../shared/kube/objects.ts';
import type { Pod } from '../model/snapshot.ts';
import { readerOf, verifierPort, type PodSpec } from './reads.ts';

export interface PodObject extends KubeObject {
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
    /** Sidecars are init containers that go on running. */
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface ContainerStatus {
  readonly state?: { readonly running?: { readonly startedAt?: string } };
}

/** A terminal pod runs nothing and holds nothing. */
export function isTerminal({ status }: PodObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function podOf(object: PodObject, secretName: string): Pod {
  const { metadata, spec, status } = object;
  return {
    ...readerOf(object, secretName),
    name: metadata.name,
    uid: metadata.uid,
    owner: ownerOf(object),
    ip: status?.podIP,
    port: verifierPort(spec),
    startedAt: youngestStart(object),
    ready: status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false,
    terminating: metadata.deletionTimestamp !== undefined,
  };
}

/** A container reads the Secret whenever it starts, not only when its pod does. Undefined while none runs. */
function youngestStart({ status }: PodObject): number | undefined {
  const containers = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const starts = containers.flatMap(({ state }) => state?.running?.startedAt ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts.map((start) => Date.parse(start)));
}

/** A Deployment's ReplicaSet is named after it and the template's hash, so that none needs to be read. */
function ownerOf({ metadata }: PodObject): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (!owner) return undefined;
  const deployment = deploymentName(owner, metadata.labels?.['pod-template-hash']);
  return deployment === undefined ? `${owner.kind}/${owner.name}` : `Deployment/${deployment}`;
}

function deploymentName({ kind, name }: OwnerReference, hash: string | undefined): string | undefined {
  return kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)
    ? name.slice(0, -hash.length - 1)
    : undefined;
}
