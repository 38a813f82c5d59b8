/** Which pods are shown. Pure. */
import type { PodFailure } from '../../shared/contract/pods.ts';
import type { Tone } from '../design/tone.ts';

interface PodFilter {
  readonly search: string;
  /** Empty: all. */
  readonly namespace: string;
  /** Empty: all. */
  readonly reason: string;
}

export function filterPods(failures: readonly PodFailure[], { search, namespace, reason }: PodFilter): readonly PodFailure[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return failures.filter((failure) => {
    if (namespace !== '' && failure.namespace !== namespace) return false;
    if (reason !== '' && failure.failure_reason !== reason) return false;
    const text = [failure.pod_name, failure.namespace, failure.failure_reason, failure.node_name, failure.failure_message]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function namespacesOf(items: readonly { readonly namespace: string }[]): readonly string[] {
  return [...new Set(items.map(({ namespace }) => namespace))].sort();
}

/** Each with how many fail for it, the most frequent first. */
export function reasonsOf(failures: readonly PodFailure[]): readonly { readonly reason: string; readonly count: number; readonly tone: Tone }[] {
  const byReason = Map.groupBy(failures, ({ failure_reason }) => failure_reason);
  return [...byReason]
    .map(([reason, those]) => ({ reason, count: those.length, tone: reasonTone(those[0]!) }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}

export function reasonTone({ status, phase }: Pick<PodFailure, 'status' | 'phase'>): Tone {
  if (status === 'resolved') return 'good';
  if (status === 'ignored') return 'calm';
  return phase === 'Pending' ? 'medium' : 'critical';
}
