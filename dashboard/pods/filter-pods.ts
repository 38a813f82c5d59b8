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

export function namespacesOf(items: readonly { readonly namespace: string }[]): readonly string[] {
  return [...new Set(items.map(({ namespace }) => namespace))].sort();
}

/** The most frequent first. */
export function reasonsOf(failures: readonly PodFailure[]): readonly { readonly reason: string; readonly tone: Tone }[] {
  const byReason = Map.groupBy(failures, ({ failure_reason }) => failure_reason);
  return [...byReason]
    .sort(([reason, those], [other, others]) => others.length - those.length || reason.localeCompare(other))
    .map(([reason, those]) => ({ reason, tone: reasonTone(those[0]!) }));
}

export function reasonTone({ status, phase }: Pick<PodFailure, 'status' | 'phase'>): Tone {
  if (status === 'resolved') return 'good';
  if (status === 'ignored') return 'calm';
  return phase === 'Pending' ? 'medium' : 'critical';
}
