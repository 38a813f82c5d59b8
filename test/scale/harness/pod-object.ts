/** The parts of a pod that its inside needs. */
import { lostAnnotation, waitingAnnotation } from '../../../testbed/kwok.ts';
import type { KubeObject } from '../../../shared/kube/objects.ts';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
  };
}

interface Container {
  readonly env?: readonly Variable[];
  readonly ports?: readonly { readonly containerPort: number }[];
}

export interface PodObject extends KubeObject {
  readonly spec: { readonly containers: readonly Container[]; readonly serviceAccountName?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** What its environment is made of. */
export const secretReferences = ({ spec }: PodObject) =>
  spec.containers.flatMap(({ env }) => env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);

/** Where its only container listens; 0, any, where it names none. */
export const portOf = ({ spec }: PodObject): number => spec.containers[0]?.ports?.[0]?.containerPort ?? 0;

export const isReady = ({ status }: PodObject): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

export const isTerminating = ({ metadata }: PodObject): boolean => metadata.deletionTimestamp !== undefined;

/** On a node that has died: it never ends, and nothing is heard of it. */
export const isLost = ({ metadata }: PodObject): boolean => metadata.annotations?.[lostAnnotation] !== undefined;

/** Its node starts it as soon as its Secrets are there. */
export const isWaiting = ({ metadata }: PodObject): boolean => metadata.annotations?.[waitingAnnotation] !== undefined;

export const annotationOf = ({ metadata }: PodObject, name: string): string | undefined =>
  metadata.annotations?.[`bootstrap.kure.io/${name}`];
