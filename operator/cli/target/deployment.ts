/** What the command line wants to know of a Deployment, DaemonSet or StatefulSet of the chart. */
import type { KubeObject } from '../../../shared/kube/objects.ts';
import type { Environment } from './settings.ts';

export interface DeploymentObject extends KubeObject {
  readonly spec: {
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

/** Plain values only, of its first container. */
export function environmentOf({ spec }: DeploymentObject): Environment {
  const variables = spec.template.spec.containers?.[0]?.env ?? [];
  return Object.fromEntries(variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
