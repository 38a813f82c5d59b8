/** What each route is called and does, for `docs/openapi.json`. Who may call it is in the access table. */
import type { access } from './access.ts';

/** The dashboard's pages are no API. */
export type Documented = Exclude<keyof typeof access, 'GET /*'>;

export interface Operation {
  readonly tag: string;
  readonly id: string;
  readonly summary: string;
  /** Statuses that this route answers by itself; those that come with its access and its schema are added to them. */
  readonly problems: readonly number[];
}

const about = (tag: string) => (id: string, summary: string, ...problems: number[]): Operation => ({ tag, id, summary, problems });

const health = about('health');
const accounts = about('accounts');
const pods = about('pods');
const security = about('security');
const lists = about('lists');
const settings = about('settings');
const credentials = about('credentials');

export const operations: Readonly<Record<Documented, Operation>> = {
  'GET /health': health('getHealth', 'Whether the process is alive'),
  'GET /ready': health('getReadiness', 'Whether requests should be sent here, and if not, why'),
  'GET /metrics': health('getMetrics', 'Metrics, for Prometheus'),
  'GET /api/openapi.json': health('getDocument', 'This document'),

  'GET /api/auth/status': accounts('getSetup', 'Whether the first visitor has made an account', 503),
  'GET /api/auth/setup-required': accounts('getSetupRequired', 'The same, under its name in Kure Monitor 2.3', 503),
  'POST /api/auth/signup': accounts('signUp', 'Make the first account, an admin, and log in', 401, 409, 503),
  'POST /api/auth/setup': accounts('setUp', 'The same, under its name in Kure Monitor 2.3', 401, 409, 503),
  'POST /api/auth/login': accounts('logIn', 'Log in', 401, 429, 503),
  'POST /api/auth/logout': accounts('logOut', 'End the session', 503),
  'GET /api/auth/invitation/:token': accounts('getInvitation', 'What an invitation offers', 404, 410, 503),
  'POST /api/auth/accept-invitation': accounts('acceptInvitation', 'Make an account by an invitation, and log in', 401, 404, 409, 410, 503),
  'POST /api/auth/reset-password': accounts('resetPassword', 'Set a password by the link of an admin, and log in', 401, 410, 503),
  'GET /api/auth/me': accounts('getMe', 'Who is logged in'),
  'POST /api/auth/change-password': accounts('changePassword', 'Change the own password and end all other sessions', 429),
  'GET /api/auth/sessions': accounts('listSessions', 'The own sessions, newest first'),
  'DELETE /api/auth/sessions': accounts('endOtherSessions', 'End all own sessions but the one that asks'),
  'DELETE /api/auth/sessions/:id': accounts('endSession', 'End one of the own sessions', 404),
  'GET /api/admin/users': accounts('listUsers', 'All accounts'),
  'PATCH /api/admin/users/:id': accounts('changeRole', 'Give an account another role', 404),
  'DELETE /api/admin/users/:id': accounts('deleteUser', 'Delete an account and end its sessions', 404),
  'POST /api/admin/users/:id/reset-password': accounts('beginPasswordReset', 'End a password and make a link that sets a new one', 404),
  'GET /api/admin/invitations': accounts('listInvitations', 'Invitations that are neither used nor expired'),
  'POST /api/admin/invitations': accounts('invite', 'Make an invitation; only this answer has its token'),
  'DELETE /api/admin/invitations/:id': accounts('revokeInvitation', 'Revoke an invitation', 404),

  'POST /api/pods/failed': pods('reportFailure', 'Report a failing pod; repeated reports are one failure'),
  'POST /api/pods/dismiss-deleted': pods('reportRecovery', 'Report that a pod has recovered or is gone'),
  'GET /api/pods/failed': pods('listFailures', 'Failures that are new or being looked into; with the service token ignored ones, too'),
  'GET /api/pods/ignored': pods('listIgnored', 'Failures that somebody ignores'),
  'GET /api/pods/history': pods('listHistory', 'Failures that are over'),
  'DELETE /api/pods/failed/:id': pods('ignoreFailure', 'Ignore a failure until the pod recovers'),
  'PUT /api/pods/ignored/:id/restore': pods('restoreFailure', 'Stop ignoring a failure'),
  'PATCH /api/pods/failed/:id/status': pods('changeStatus', 'Say that a failure is looked into, ignored or new', 404),
  'POST /api/pods/failed/:id/retry-solution': pods('explainFailure', 'Ask the language model why a pod fails, without its logs', 404),
  'POST /api/pods/failed/:id/troubleshoot': pods('explainFromLogs', 'Ask the language model why a pod fails, with its logs', 404, 409, 502),
  'DELETE /api/pods/records/:id': pods('deleteRecord', 'Delete a failure that is over or ignored', 404),
  'GET /api/pods/:namespace/:pod/manifest': pods('getPodManifest', 'The manifest of a failing pod, as it was reported', 404),
  'GET /api/pods/:namespace/:pod/logs': pods('getPodLogs', 'Logs of a failing pod, as they were reported', 400, 404),

  'POST /api/security/findings': security('reportFinding', 'Report a finding; repeated reports are one finding'),
  'POST /api/security/scan/clear': security('clearFindings', 'Delete all findings, before a scan'),
  'POST /api/security/rescan-status': security('reportScan', 'Report that a scan has begun or ended'),
  'DELETE /api/security/findings/resource/:type/:namespace/:name': security('deleteFindings', 'Delete the findings of a resource'),
  'POST /api/metrics/security-scan-duration': security('reportScanDuration', 'Report how long a scan took'),
  'GET /api/security/findings': security('listFindings', 'Findings that nobody has dismissed; with the service token dismissed ones, too'),
  'GET /api/security/findings/dismissed': security('listDismissed', 'Findings that somebody has dismissed'),
  'GET /api/security/findings/:id/manifest': security('getFindingManifest', 'A finding with the manifest of its resource', 404),
  'DELETE /api/security/findings/:id': security('dismissFinding', 'Dismiss a finding'),
  'PUT /api/security/findings/:id/restore': security('restoreFinding', 'Take back that a finding was dismissed'),
  'POST /api/security/findings/:id/fix': security('proposeFix', 'Ask the language model for a manifest in which a finding is gone', 404),
  'POST /api/security/rescan': security('requestScan', 'Ask the scanner to scan again'),

  'GET /api/admin/excluded-pods': lists('listExcludedPods', 'Pods that are not watched'),
  'POST /api/admin/excluded-pods': lists('excludePod', 'Stop watching pods of a name'),
  'DELETE /api/admin/excluded-pods/:name': lists('includePod', 'Watch pods of a name again', 404),
  'GET /api/admin/excluded-namespaces': lists('listExcludedNamespaces', 'Namespaces that are not scanned'),
  'POST /api/admin/excluded-namespaces': lists('excludeNamespace', 'Stop scanning a namespace'),
  'DELETE /api/admin/excluded-namespaces/:name': lists('includeNamespace', 'Scan a namespace again', 404),
  'GET /api/admin/excluded-rules': lists('listExcludedRules', 'Rules that are not applied'),
  'POST /api/admin/excluded-rules': lists('excludeRule', 'Stop applying a rule, in a namespace or in all'),
  'DELETE /api/admin/excluded-rules/:name': lists('includeRule', 'Apply a rule again', 404),
  'GET /api/admin/trusted-registries': lists('listTrustedRegistries', 'Registries whose images are trusted'),
  'POST /api/admin/trusted-registries': lists('trustRegistry', 'Trust a registry'),
  'DELETE /api/admin/trusted-registries/:name': lists('distrustRegistry', 'Stop trusting a registry', 404),
  'GET /api/admin/namespaces': lists('listNamespaces', 'Namespaces that findings are known of'),
  'GET /api/admin/rule-titles': lists('listRuleTitles', 'Rules that findings are known of'),
  'GET /api/admin/monitored-pods': lists('listMonitoredPods', 'Pods that failures are known of'),

  'GET /api/config': settings('getConfig', 'Whether a language model is set up'),
  'GET /api/admin/settings/history-retention': settings('getHistoryRetention', 'How long failures that are over are kept'),
  'PUT /api/admin/settings/history-retention': settings('setHistoryRetention', 'Say how long failures that are over are kept'),
  'GET /api/admin/settings/ignored-retention': settings('getIgnoredRetention', 'How long ignored failures are kept'),
  'PUT /api/admin/settings/ignored-retention': settings('setIgnoredRetention', 'Say how long ignored failures are kept'),
  'GET /api/admin/settings/mirror-ttl': settings('getMirrorTtl', 'How long mirror pods would live; there are none'),
  'PUT /api/admin/settings/mirror-ttl': settings('setMirrorTtl', 'Say how long mirror pods would live'),
  'GET /api/admin/llm/status': settings('getLanguageModel', 'The language model, without its key'),
  'POST /api/admin/llm/config': settings('setLanguageModel', 'Set the language model and its key'),
  'DELETE /api/admin/llm/config': settings('deleteLanguageModel', 'Forget the language model and its key'),
  'POST /api/admin/llm/test': settings('testLanguageModel', 'Ask a language model for one word, without saving anything'),
  'GET /api/admin/notifications': settings('listNotifications', 'Where notifications go, without the addresses'),
  'POST /api/admin/notifications': settings('addNotification', 'Say where notifications go'),
  'PUT /api/admin/notifications/:provider': settings('setNotification', 'Change where notifications of a provider go', 404),
  'DELETE /api/admin/notifications/:provider': settings('deleteNotification', 'Send no notifications by a provider any more', 404),
  'POST /api/admin/notifications/:provider/test': settings('testNotification', 'Send a test message now', 404, 409, 502),

  'GET /api/bootstrap/attestation': credentials('attest', 'What this process accepts, who used what, whom it refused'),
  'GET /api/admin/credentials': credentials('getCredentials', 'How old the credentials are, and how a rotation goes'),
};
