/** What each live message does to the cache. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { PodFailure } from '../../shared/contract/pods.ts';
import type { Finding } from '../../shared/contract/security.ts';
import { findingPaths, keys, podPaths, type FindingView, type PodView } from './keys.ts';
import { hear } from './lists.ts';
import { findingsAfter, podsAfter, type LiveMessage } from './merge.ts';

const podViews = Object.keys(podPaths) as PodView[];
const findingViews = Object.keys(findingPaths) as FindingView[];

/** What is being read may be too old already; and what nobody looks at would look fresh after the next message. */
export async function readAgain(client: QueryClient, queryKey: QueryKey = []): Promise<void> {
  await client.cancelQueries({ queryKey });
  client.removeQueries({ queryKey, type: 'inactive' });
  await client.invalidateQueries({ queryKey });
}

export function applyLive(client: QueryClient, messages: readonly LiveMessage[]): void {
  hear(messages);
  for (const view of podViews) change<PodFailure>(client, keys.pods(view), (list) => podsAfter(list, view, messages));
  for (const view of findingViews) change<Finding>(client, keys.findings(view), (list) => findingsAfter(list, view, messages));
  for (const message of messages) follow(client, message);
}

/** A list that stays the same gets no younger. */
function change<T>(client: QueryClient, queryKey: QueryKey, after: (list: readonly T[]) => readonly T[]): void {
  client.setQueryData<readonly T[]>(queryKey, (list) => {
    const changed = list && after(list);
    return changed === list ? undefined : changed;
  });
}

/** What a message says about more than itself. */
function follow(client: QueryClient, { type, data }: LiveMessage): void {
  switch (type) {
    case 'namespace_exclusion_change':
    case 'pod_exclusion_change':
    case 'rule_exclusion_change':
    case 'trusted_registry_change':
      for (const queryKey of [keys.suppressions, keys.allPods, keys.allFindings]) void readAgain(client, queryKey);
      return undefined;
    case 'security_rescan_status':
      client.setQueryData(keys.rescan, data);
      if ((data as { status: string }).status === 'completed') void readAgain(client, keys.allFindings);
      return undefined;
    case 'credentials_change':
      void readAgain(client, keys.credentials);
      return undefined;
    case 'account_change':
      void readAgain(client, keys.me);
      return undefined;
    case 'pod_failure':
      // It is in the lists already; the logs that came with it are not.
      void client.invalidateQueries({ queryKey: keys.podLogs(data as PodFailure) });
      return undefined;
    case 'pod_status_change':
    case 'pod_solution_updated':
    case 'pod_troubleshoot_updated':
    case 'pod_deleted':
    case 'pod_record_deleted':
    case 'security_finding':
    case 'security_finding_deleted':
      // It is in the lists already.
      return undefined;
    case 'security_rescan_request':
    case 'heartbeat':
      return undefined;
    default:
      // A newer backend may say more.
      return undefined;
  }
}
