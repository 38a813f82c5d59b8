/** From a Deployment, DaemonSet or StatefulSet of the API to what deciding knows about it. Pure. */
import type { KubeObject } from '../../shared/kube/objects.ts';
import { annotationPrefix } from '../model/names.ts';
import type { Rollout, Workload, WorkloadKind } from '../model/snapshot.ts';
import { readerOf, type Template } from './reads.ts';

type Budget = number | string;

export interface WorkloadObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: Template;
    /** Of a Deployment. */
    readonly paused?: boolean;
    /** Of a Deployment. */
    readonly strategy?: Strategy;
    /** Of a DaemonSet or StatefulSet. */
    readonly updateStrategy?: Strategy;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly currentNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    /** Of a Deployment. */
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    readonly maxUnavailable?: Budget;
    readonly maxSurge?: Budget;
    /** Of a StatefulSet: its pods below this ordinal stay as they are. */
    readonly partition?: number;
  };
}

/** On its way out, as one that is deleted in the foreground is until its last pod has gone: its controller moves no pods any more. */
export const isTerminating = ({ metadata }: WorkloadObject): boolean => metadata.deletionTimestamp !== undefined;

/** All but the keys that it reads, which depend on the release. */
export function workloadOf(kind: WorkloadKind, object: WorkloadObject): Omit<Workload, 'reads'> {
  const { metadata, spec } = object;
  const annotations = spec.template.metadata?.annotations ?? {};
  return {
    kind,
    name: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    ...readerOf(spec.template),
    rollout: rolloutOf(kind, object),
    restartable: annotations[`${annotationPrefix}restart`] !== 'false',
    halted: haltedBy(object),
    restartedAt: instantOf(annotations['kubectl.kubernetes.io/restartedAt']),
    trouble: object.status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')?.message,
  };
}

function haltedBy({ spec: { paused, updateStrategy } }: WorkloadObject): Workload['halted'] {
  if (paused) return 'paused';
  if (updateStrategy?.type === 'OnDelete') return 'onDelete';
  return (updateStrategy?.rollingUpdate?.partition ?? 0) > 0 ? 'partition' : undefined;
}

/** Anybody may have written anything there. */
function instantOf(text: string | undefined): number | undefined {
  const instant = Date.parse(text ?? '');
  return Number.isNaN(instant) ? undefined : instant;
}

function rolloutOf(kind: WorkloadKind, { metadata, spec, status }: WorkloadObject): Rollout {
  const observed = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (kind === 'DaemonSet') {
    const desired = status?.desiredNumberScheduled ?? 0;
    return {
      observed,
      desired,
      updated: status?.updatedNumberScheduled ?? 0,
      total: status?.currentNumberScheduled ?? 0,
      available: status?.numberAvailable ?? 0,
      budget: daemonBudget(spec.updateStrategy, desired),
    };
  }
  const desired = spec.replicas ?? 1;
  const budget =
    kind === 'Deployment'
      ? deploymentBudget(spec.strategy, desired)
      : podsOf(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, desired, Math.ceil);
  return {
    observed,
    desired,
    updated: status?.updatedReplicas ?? 0,
    total: status?.replicas ?? 0,
    available: status?.availableReplicas ?? 0,
    budget,
  };
}

/** As the Deployment controller computes it (kubernetes: deploymentutil.MaxUnavailable and ResolveFenceposts). */
function deploymentBudget(strategy: Strategy | undefined, desired: number): number {
  if (strategy?.type === 'Recreate' || desired === 0) return 0;
  const { maxUnavailable = '25%', maxSurge = '25%' } = strategy?.rollingUpdate ?? {};
  const unavailable = podsOf(maxUnavailable, desired, Math.floor);
  return unavailable === 0 && podsOf(maxSurge, desired, Math.ceil) === 0 ? 1 : Math.min(unavailable, desired);
}

/** One that surges goes on while so many of its new pods are not available yet. */
function daemonBudget(strategy: Strategy | undefined, desired: number): number {
  const { maxUnavailable = 1, maxSurge = 0 } = strategy?.rollingUpdate ?? {};
  return Math.max(podsOf(maxUnavailable, desired, Math.ceil), podsOf(maxSurge, desired, Math.ceil));
}

/** Percentages are rounded as the controllers do: unavailable pods down for Deployments, up for the others. */
function podsOf(value: Budget, desired: number, round: (count: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) / 100) * desired);
}
