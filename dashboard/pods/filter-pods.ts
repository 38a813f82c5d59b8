/** Which pods are shown. Pure. */
import type { PodFailure } from '../../shared/contract/pods.ts';
import type { Tone } from '../design/tone.ts';

interface PodFilter {
  readonly search: string;
  /** Empty: all. */
  readonly namespace: string;
}

export function filterPods(failures: readonly PodFailure[], { search, namespace }: PodFilter): readonly PodFailure[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return failures.filter((failure) => {
    if (namespace !== '' && failure.namespace !== namespace) return false;
    const text = [failure.pod_name, failure.namespace, failure.failure_reason, failure.node_name, failure.failure_message]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** With the one that is chosen, also when its last pod has left. */
export function namespacesOf(failures: readonly PodFailure[], chosen: string): readonly string[] {
  const there = failures.map(({ namespace }) => namespace);
  return [...new Set(chosen === '' ? there : [...there, chosen])].sort();
}

/** The most frequent first; with the one that is chosen, also when its last pod has left. */
export function reasonsOf(failures: readonly PodFailure[], chosen: string): readonly { readonly reason: string; readonly tone: Tone }[] {
  const byReason = Map.groupBy(failures, ({ failure_reason }) => failure_reason);
  if (chosen !== '' && !byReason.has(chosen)) byReason.set(chosen, []);
  return [...byReason]
    .sort(([reason, those], [other, others]) => others.length - those.length || reason.localeCompare(other))
    .map(([reason, [first]]) => ({ reason, tone: first ? reasonTone(first) : 'calm' }));
}

export function reasonTone({ status, phase }: Pick<PodFailure, 'status' | 'phase'>): Tone {
  if (status === 'resolved') return 'good';
  if (status === 'ignored') return 'calm';
  return phase === 'Pending' ? 'medium' : 'critical';
}
