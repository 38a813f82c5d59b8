/**
 * What reports are not stored. Agents drop their list when they cannot read it, so the backend holds to it, too.
 * The lists are kept in memory: a change made here counts at once, one made by another replica within a second.
 */
import type { Clock } from '../../shared/clock.ts';
import type { SuppressionStore } from '../store/store.ts';
import { Remembered } from './remembered.ts';

type Lists = Pick<SuppressionStore, 'excludedPods' | 'excludedNamespaces' | 'excludedRules'>;

interface Excluded {
  readonly pods: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
  /** Namespaces by rule; null stands for all of them. */
  readonly rules: ReadonlyMap<string, ReadonlySet<string | null>>;
}

export class Exclusions {
  readonly #excluded: Remembered<Excluded>;

  constructor(lists: Lists, clock: Clock) {
    this.#excluded = new Remembered(() => read(lists), clock);
  }

  async coversPod(podName: string): Promise<boolean> {
    return (await this.#excluded.get()).pods.has(podName);
  }

  async coversFinding({ namespace, title }: { readonly namespace: string; readonly title: string }): Promise<boolean> {
    const { namespaces, rules } = await this.#excluded.get();
    if (namespaces.has(namespace)) return true;
    return ruleNames(title).some((name) => rules.get(name)?.has(null) || rules.get(name)?.has(namespace));
  }

  /** To be called after a list was changed. */
  forget(): void {
    this.#excluded.forget();
  }
}

async function read(lists: Lists): Promise<Excluded> {
  const [pods, namespaces, rules] = await Promise.all([lists.excludedPods(), lists.excludedNamespaces(), lists.excludedRules()]);
  return {
    pods: new Set(pods.map(({ pod_name }) => pod_name)),
    namespaces: new Set(namespaces.map(({ namespace }) => namespace)),
    rules: namespacesByRule(rules),
  };
}

function namespacesByRule(rules: readonly { readonly rule_title: string; readonly namespace: string | null }[]) {
  const found = new Map<string, Set<string | null>>();
  for (const { rule_title, namespace } of rules) {
    found.set(rule_title, (found.get(rule_title) ?? new Set()).add(namespace));
  }
  return found;
}

/** An exclusion covers a title that is equal, or that it begins up to a ": ", as where excluding deletes findings. */
function ruleNames(title: string): string[] {
  const names = [title];
  for (let end = title.indexOf(': '); end >= 0; end = title.indexOf(': ', end + 1)) names.push(title.slice(0, end));
  return names;
}
