/** From a Deployment, DaemonSet or StatefulSet of the API to what deciding knows about it. Pure. */
import type { KubeObject } from '../../shared/kube/objects.ts';
import type { Rollout, Workload, WorkloadKind } from '../model/snapshot.ts';
import { readerOf, type Template } from './reads.ts';

type Budget = number | string;

export interface WorkloadObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: Template;
    /** Of a Deployment. */
    readonly strategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxUnavailable?: Budget } };
    /** Of a DaemonSet or StatefulSet. */
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxUnavailable?: Budget } };
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
  };
}

export function workloadOf(kind: WorkloadKind, object: WorkloadObject, secretName: string): Workload {
  const { name, resourceVersion } = object.metadata;
  return { kind, name, resourceVersion, ...readerOf(object.spec.template, secretName), rollout: rolloutOf(kind, object) };
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
      budget: budgetOf(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, desired, Math.ceil),
    };
  }
  const desired = spec.replicas ?? 1;
  const budget =
    kind === 'Deployment'
      ? budgetOf(spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%', desired, Math.floor)
      : budgetOf(spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, desired, Math.ceil);
  return {
    observed,
    desired,
    updated: status?.updatedReplicas ?? 0,
    total: status?.replicas ?? 0,
    available: status?.availableReplicas ?? 0,
    budget,
  };
}

/** Percentages are rounded as the controllers do: down for Deployments, up for the others. */
function budgetOf(value: Budget, desired: number, round: (count: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) / 100) * desired);
}
