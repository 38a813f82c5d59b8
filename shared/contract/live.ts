/** What is said on the WebSocket: `{"type", "data"}` (upstream 2.3). */

/** The only ones that agents and scanners are told: they ignore the rest, and large ones would end their connection. */
export const controlTypes = [
  'namespace_exclusion_change',
  'pod_exclusion_change',
  'rule_exclusion_change',
  'trusted_registry_change',
  'security_rescan_request',
] as const;

export type LiveType =
  | (typeof controlTypes)[number]
  | 'pod_failure'
  | 'pod_status_change'
  | 'pod_solution_updated'
  | 'pod_troubleshoot_updated'
  | 'pod_deleted'
  | 'pod_record_deleted'
  | 'security_finding'
  | 'security_finding_deleted'
  | 'security_rescan_status'
  /** Ours. The operator has written another status; people read the route again, if they may. */
  | 'credentials_change'
  /** Ours. To people, every 30 seconds: a page does not hear of pings. */
  | 'heartbeat'
  /** Ours. A role was changed; everybody asks who they are. */
  | 'account_change';
