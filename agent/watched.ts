/** Which pods the agent speaks about. */
import type { Pod } from './pod.ts';

const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage', 'kure-system']);
const mirrorLabel = 'kure.io/mirror';

export interface Scope {
  /** Speak only of pods on this node, and of those on none; undefined: of all. */
  readonly nodeName: string | undefined;
  readonly ownNamespace: string | undefined;
  /** Beside the built-in ones. */
  readonly excludedNamespaces: ReadonlySet<string>;
}

/** Every pod is spoken of by the agent of its node; one without a node by all, since the backend takes one row for them. */
export function isMine(pod: Pod, { nodeName }: Scope): boolean {
  const at = pod.spec?.nodeName;
  return nodeName === undefined || at === undefined || at === nodeName;
}

function isExcludedNamespace(namespace: string, { ownNamespace, excludedNamespaces }: Scope): boolean {
  return systemNamespaces.has(namespace) || namespace === ownNamespace || excludedNamespaces.has(namespace);
}

/** `excludedPods` are plain pod names, whatever the namespace. */
export function isExcluded({ metadata }: Pod, scope: Scope, excludedPods: ReadonlySet<string>): boolean {
  const { name, namespace = '', labels } = metadata;
  return isExcludedNamespace(namespace, scope) || labels?.[mirrorLabel] === 'true' || excludedPods.has(name);
}
