/** What the command line wants to know of a Deployment, DaemonSet or StatefulSet of the chart. */
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath, type KubeObject } from '../../../shared/kube/objects.ts';
import type { Release } from '../../model/release.ts';
import { ifReadable } from '../optional.ts';
import type { Environment } from './settings.ts';

export interface DeploymentObject extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
      readonly spec: { readonly serviceAccountName?: string; readonly containers?: readonly Container[] };
    };
  };
  readonly status?: { readonly replicas?: number; readonly availableReplicas?: number };
}

interface Container {
  readonly image?: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

export const isOperator = ({ metadata }: DeploymentObject): boolean =>
  metadata.labels?.['app.kubernetes.io/component'] === 'operator';

/** The operator of the release; undefined where it is in another namespace, or may not be seen. */
export async function findOperator(client: KubeClient, release: Release): Promise<DeploymentObject | undefined> {
  return (await operators(client, release.namespace))?.find((operator) => isOf(release, operator));
}

/** In one namespace, or in all; undefined where they may not be listed. */
export async function operators(client: KubeClient, namespace?: string): Promise<DeploymentObject[] | undefined> {
  const labelSelector = 'app.kubernetes.io/component=operator';
  const path = collectionPath('deployments', namespace);
  return (await ifReadable(client.get<{ items: DeploymentObject[] }>(path, { labelSelector })))?.items;
}

/** Name of the ServiceAccount of its pods. */
export const accountOf = ({ spec }: DeploymentObject): string => spec.template.spec.serviceAccountName ?? 'default';

export const isOf = ({ name }: Release, { metadata }: DeploymentObject): boolean => metadata.labels?.['app.kubernetes.io/instance'] === name;

/** Plain values only, of its first container. */
export function environmentOf({ spec }: DeploymentObject): Environment {
  const variables = spec.template.spec.containers?.[0]?.env ?? [];
  return Object.fromEntries(variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
