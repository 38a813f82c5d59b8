/** All checks, and which of their findings people want to see. Pure. */
import { privilegedContainer } from './checks/privileged-container.ts';
import { runsAsRoot } from './checks/runs-as-root.ts';
import { untrustedRegistry } from './checks/untrusted-registry.ts';
import type { Check, Finding, Policy } from './finding.ts';
import type { Workload } from './workload.ts';

export interface Suppressions extends Policy {
  readonly excludedNamespaces: ReadonlySet<string>;
  readonly excludedRules: readonly ExcludedRule[];
}

export interface ExcludedRule {
  /** A whole title, or the part before its first `": "`. */
  readonly title: string;
  /** null: in every namespace. */
  readonly namespace: string | null;
}

const checks: readonly Check[] = [privilegedContainer, runsAsRoot, untrustedRegistry];

const systemNamespaces = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'kube-flannel', 'kure-system']);
const mirrorLabel = 'kure.io/mirror';

export function findingsOf(
  workload: Workload,
  suppressions: Suppressions,
  ownNamespace: string | undefined,
): readonly Finding[] {
  const { namespace = '', labels } = workload.metadata;
  if (systemNamespaces.has(namespace) || namespace === ownNamespace) return [];
  if (suppressions.excludedNamespaces.has(namespace) || labels?.[mirrorLabel] === 'true') return [];
  return checks
    .flatMap((check) => check(workload, suppressions))
    .filter(({ title }) => !isExcluded(title, namespace, suppressions.excludedRules));
}

function isExcluded(title: string, namespace: string, rules: readonly ExcludedRule[]): boolean {
  const [rule] = title.split(': ', 1);
  return rules.some(
    (excluded) =>
      (excluded.title === title || excluded.title === rule) &&
      (excluded.namespace === null || excluded.namespace === namespace),
  );
}
