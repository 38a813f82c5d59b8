/** What each live message does to the cache. */
import type { QueryClient } from '@tanstack/react-query';
import type { PodFailure, PodName } from '../../shared/contract/pods.ts';
import type { Finding } from '../../shared/contract/security.ts';
import { findingPaths, keys, podPaths, type FindingView, type PodView } from './keys.ts';
import type { LiveMessage } from './live.ts';
import { mergeFailure, mergeFindings, mergeTroubleshooting, removeFindings, removePod, without, type TroubleshotPod } from './merge.ts';

const podViews = Object.keys(podPaths) as PodView[];
const findingViews = Object.keys(findingPaths) as FindingView[];

export function applyLive(client: QueryClient, messages: readonly LiveMessage[]): void {
  for (const message of messages) applyOne(client, message);
  applyFindings(client, messages);
}

function applyOne(client: QueryClient, { type, data }: LiveMessage): void {
  switch (type) {
    case 'pod_failure':
    case 'pod_status_change':
    case 'pod_solution_updated':
      return changePods(client, (list, view) => mergeFailure(list, view, data as PodFailure));
    case 'pod_deleted':
      return changePods(client, (list, view) => (view === 'failing' ? removePod(list, data as PodName) : list));
    case 'pod_record_deleted':
      return changePods(client, (list) => without(list, ({ id }) => id === (data as { id: number }).id));
    case 'pod_troubleshoot_updated':
      return changePods(client, (list) => mergeTroubleshooting(list, data as TroubleshotPod));
    case 'namespace_exclusion_change':
    case 'pod_exclusion_change':
    case 'rule_exclusion_change':
    case 'trusted_registry_change':
      for (const queryKey of [keys.suppressions, keys.allPods, keys.allFindings]) void client.invalidateQueries({ queryKey });
      return undefined;
    case 'security_rescan_status':
      client.setQueryData(keys.rescan, data);
      if ((data as { status: string }).status === 'completed') void client.invalidateQueries({ queryKey: keys.allFindings });
      return undefined;
    case 'credentials_change':
      void client.invalidateQueries({ queryKey: keys.credentials });
      return undefined;
    case 'account_change':
      void client.invalidateQueries({ queryKey: keys.me });
      return undefined;
    case 'security_finding':
    case 'security_finding_deleted':
      // Taken together, below.
      return undefined;
    case 'security_rescan_request':
      return undefined;
    default:
      // A newer backend may say more.
      return undefined;
  }
}

function applyFindings(client: QueryClient, messages: readonly LiveMessage[]): void {
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
  if (news.size === 0 && gone.size === 0) return;
  for (const view of findingViews) {
    client.setQueryData<readonly Finding[]>(keys.findings(view), (list) => {
      if (!list) return list;
      const left = removeFindings(list, gone);
      return view === 'open' ? mergeFindings(left, [...news.values()]) : left;
    });
  }
}

function changePods(client: QueryClient, change: (list: readonly PodFailure[], view: PodView) => readonly PodFailure[]): void {
  for (const view of podViews) {
    client.setQueryData<readonly PodFailure[]>(keys.pods(view), (list) => list && change(list, view));
  }
}
