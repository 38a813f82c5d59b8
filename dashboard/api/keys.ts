/** Where answers lie in the cache. */
import type { PodName } from '../../shared/contract/pods.ts';

export const keys = {
  status: ['auth-status'],
  me: ['me'],
  sessions: ['sessions'],
  pods: (view: PodView) => ['pods', view] as const,
  allPods: ['pods'],
  podLogs: ({ namespace, pod_name }: PodName) => ['pod-logs', namespace, pod_name] as const,
  findings: (view: FindingView) => ['findings', view] as const,
  allFindings: ['findings'],
  rescan: ['rescan'],
  suppressions: ['suppressions'],
  users: ['users'],
  invitations: ['invitations'],
  allLlm: ['llm'],
  llm: ['llm', 'status'],
  llmEnabled: ['llm', 'enabled'],
  notifications: ['notifications'],
  credentials: ['credentials'],
} as const;

export type PodView = 'failing' | 'ignored' | 'history';
export type FindingView = 'open' | 'dismissed';

export const podPaths: Readonly<Record<PodView, string>> = {
  failing: '/api/pods/failed',
  ignored: '/api/pods/ignored',
  history: '/api/pods/history',
};

export const findingPaths: Readonly<Record<FindingView, string>> = {
  open: '/api/security/findings',
  dismissed: '/api/security/findings/dismissed',
};
