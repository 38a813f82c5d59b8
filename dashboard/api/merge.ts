/** Puts what the WebSocket says into lists that were read before. Pure; a list that does not change stays the same one. */
import type { LiveType } from '../../shared/contract/live.ts';
import type { PodFailure, PodName, Troubleshooting } from '../../shared/contract/pods.ts';
import type { Finding } from '../../shared/contract/security.ts';
import type { FindingView, PodView } from './keys.ts';

export interface LiveMessage {
  readonly type: LiveType;
  readonly data: unknown;
}

const viewOf: Readonly<Record<PodFailure['status'], PodView>> = {
  new: 'failing',
  investigating: 'failing',
  ignored: 'ignored',
  resolved: 'history',
};

type PodChange = (list: readonly PodFailure[], view: PodView, data: unknown) => readonly PodFailure[];

const merge: PodChange = (list, view, data) => mergeFailure(list, view, data as PodFailure);

const podChanges: Readonly<Partial<Record<LiveType, PodChange>>> = {
  pod_failure: merge,
  pod_status_change: merge,
  pod_solution_updated: merge,
  pod_deleted: (list, view, data) => (view === 'failing' ? removePod(list, data as PodName) : list),
  pod_record_deleted: (list, _view, data) => without(list, ({ id }) => id === (data as { id: number }).id),
  pod_troubleshoot_updated: (list, _view, data) => mergeTroubleshooting(list, data as TroubleshotPod),
};

export const podsAfter = (list: readonly PodFailure[], view: PodView, messages: readonly LiveMessage[]): readonly PodFailure[] =>
  messages.reduce((left, { type, data }) => podChanges[type]?.(left, view, data) ?? left, list);

/** All together: a scan says many. */
export function findingsAfter(list: readonly Finding[], view: FindingView, messages: readonly LiveMessage[]): readonly Finding[] {
  const news = new Map<number, Finding>();
  const gone = new Set<number>();
  for (const { type, data } of messages) {
    const { id } = data as Finding;
    // An id may come again on SQLite, where the order is true; on PostgreSQL it never does.
    if (type === 'security_finding') news.set(id, data as Finding);
    if (type === 'security_finding_deleted') {
      news.delete(id);
      gone.add(id);
    }
  }
  const left = removeFindings(list, gone);
  return view === 'open' ? mergeFindings(left, [...news.values()]) : left;
}

/** A failure moves into the list of its status and leaves the others; a new one comes first. */
export function mergeFailure(list: readonly PodFailure[], view: PodView, failure: PodFailure): readonly PodFailure[] {
  return viewOf[failure.status] === view ? put(list, failure) : without(list, ({ id }) => id === failure.id);
}

export interface TroubleshotPod extends Troubleshooting {
  readonly pod_id: number;
}

export function mergeTroubleshooting(list: readonly PodFailure[], { pod_id, solution, solution_by, generated_at }: TroubleshotPod): readonly PodFailure[] {
  const news = { log_aware_solution: solution, log_aware_solution_by: solution_by, log_aware_solution_generated_at: generated_at };
  return list.some(({ id }) => id === pod_id) ? list.map((failure) => (failure.id === pod_id ? { ...failure, ...news } : failure)) : list;
}

export function removePod(list: readonly PodFailure[], gone: PodName): readonly PodFailure[] {
  return without(list, ({ namespace, pod_name }) => namespace === gone.namespace && pod_name === gone.pod_name);
}

/** Many at once: a scan says them in bursts. */
export function mergeFindings(list: readonly Finding[], news: readonly Finding[]): readonly Finding[] {
  if (news.length === 0) return list;
  const byId = new Map(news.map((finding) => [finding.id, finding]));
  const kept = list.map((finding) => {
    const newer = byId.get(finding.id);
    byId.delete(finding.id);
    return newer ?? finding;
  });
  return [...[...byId.values()].toReversed(), ...kept];
}

/** By id, so that one that was found again meanwhile stays, whichever of both is heard first. */
export function removeFindings(list: readonly Finding[], gone: ReadonlySet<number>): readonly Finding[] {
  return without(list, ({ id }) => gone.has(id));
}

function put<T extends { readonly id: number }>(list: readonly T[], item: T): readonly T[] {
  return list.some(({ id }) => id === item.id) ? list.map((other) => (other.id === item.id ? item : other)) : [item, ...list];
}

function without<T>(list: readonly T[], isGone: (item: T) => boolean): readonly T[] {
  return list.some(isGone) ? list.filter((item) => !isGone(item)) : list;
}
