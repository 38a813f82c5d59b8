/** What a check looks at: one object of the cluster with containers in it. */
import type { KubeObject } from '../shared/kube/objects.ts';

export interface Workload extends KubeObject {
  readonly spec?: PodSpec;
}

export interface PodSpec {
  readonly securityContext?: SecurityContext;
  readonly initContainers?: readonly Container[];
  readonly containers?: readonly Container[];
  readonly [field: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly securityContext?: SecurityContext & { readonly privileged?: boolean };
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
}

export function containersOf({ spec }: Workload): readonly Container[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
}

/** Drops what no check reads and no manifest shows. */
export function stripWorkload({ metadata, spec }: Workload): Workload {
  const { managedFields: _, ...kept } = metadata;
  return { metadata: kept, ...(spec !== undefined && { spec }) };
}
