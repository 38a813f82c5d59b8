/** What the command line wants to know of the chart's Deployments. */
import type { KubeObject } from '../../../shared/kube/objects.ts';
import type { Template } from '../../observe/reads.ts';
import type { Environment } from './settings.ts';

export interface DeploymentObject extends KubeObject {
  readonly spec: { readonly template: Template };
  readonly status?: { readonly availableReplicas?: number };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
}

export const isOperator = ({ metadata }: DeploymentObject): boolean =>
  metadata.labels?.['app.kubernetes.io/component'] === 'operator';

/** Plain values only, of its first container. */
export function environmentOf({ spec }: DeploymentObject): Environment {
  const [container] = spec.template.spec.containers ?? [];
  const variables = (container?.env ?? []) as unknown as readonly Variable[];
  return Object.fromEntries(variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
