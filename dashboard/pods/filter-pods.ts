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

export function reasonTone({ status, phase }: Pick<PodFailure, 'status' | 'phase'>): Tone {
  if (status === 'resolved') return 'good';
  if (status === 'ignored') return 'calm';
  return phase === 'Pending' ? 'medium' : 'critical';
}
