/** From a pod of the API to what deciding knows about it. Pure. */
import type { KubeObject, OwnerReference } from '../../shared/kube/objects.ts';
import type { Pod } from '../model/snapshot.ts';
import { readerOf, verifierPort, type PodSpec } from './reads.ts';

export interface PodObject extends KubeObject {
  readonly spec: PodSpec;
  readonly status?: PodStatus;
}

interface PodStatus {
  readonly phase?: string;
  /** Two of a dual stack; the first is the one that `kubectl get pods -o wide` shows. */
  readonly podIPs?: readonly { readonly ip: string }[];
  readonly containerStatuses?: readonly ContainerStatus[];
  /** Sidecars are init containers that go on running. */
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  readonly conditions?: readonly Condition[];
}

interface ContainerStatus {
  readonly state?: { readonly running?: { readonly startedAt?: string }; readonly waiting?: { readonly reason?: string } };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A container waits for these while all goes well. */
const usualWaits = new Set(['ContainerCreating', 'PodInitializing']);

/** A terminal pod runs nothing and holds nothing. */
export function isTerminal({ status }: PodObject): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** All but the keys that it reads, which depend on the release. */
export function podOf(object: PodObject): Omit<Pod, 'reads'> {
  const { metadata, spec, status } = object;
  return {
    ...readerOf(object),
    name: metadata.name,
    uid: metadata.uid,
    owner: ownerOf(object),
    addresses: status?.podIPs?.map(({ ip }) => ip) ?? [],
    port: verifierPort(spec),
    startedAt: youngestStart(status),
    createdAt: Date.parse(metadata.creationTimestamp ?? ''),
    ready: condition(status, 'Ready')?.status === 'True',
    terminating: metadata.deletionTimestamp !== undefined,
    // The API server writes the end of the grace into it, not its beginning.
    graceEndsAt: metadata.deletionTimestamp === undefined ? undefined : Date.parse(metadata.deletionTimestamp),
    trouble: troubleOf(status),
  };
}

/** A container reads the Secret whenever it starts, not only when its pod does. Undefined while none runs. */
function youngestStart(status: PodStatus | undefined): number | undefined {
  const starts = containersOf(status).flatMap(({ state }) => state?.running?.startedAt ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts.map((start) => Date.parse(start)));
}

/** That its containers run and are not ready yet is none; that somebody else does not let it be ready is one. */
function troubleOf(status: PodStatus | undefined): string | undefined {
  const scheduled = condition(status, 'PodScheduled');
  if (scheduled?.status === 'False') return sentenceOf(scheduled);
  const waits = containersOf(status).flatMap(({ state }) => state?.waiting?.reason ?? []);
  const ready = condition(status, 'Ready');
  return waits.find((reason) => !usualWaits.has(reason)) ?? (ready?.reason === 'ReadinessGatesNotReady' ? sentenceOf(ready) : undefined);
}

const sentenceOf = ({ reason, message }: Condition): string => [reason, message].filter(Boolean).join(': ');

const containersOf = (status: PodStatus | undefined): ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
  ...(status?.ephemeralContainerStatuses ?? []),
];

const condition = (status: PodStatus | undefined, wanted: string): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === wanted);

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
