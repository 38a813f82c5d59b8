/** The tables as Kysely sees them. JSON is kept as text, truth values as 0 and 1: both databases read that alike. */
import type { Generated, Kysely } from 'kysely';
import type { Role } from '../../shared/contract/accounts.ts';
import type { PodStatus } from '../../shared/contract/pods.ts';

export interface Schema {
  pod_failures: {
    id: Generated<number>;
    namespace: string;
    pod_name: string;
    node_name: string | null;
    phase: string;
    creation_timestamp: string;
    failure_reason: string;
    failure_message: string | null;
    container_statuses: string;
    events: string;
    logs: string;
    manifest: string;
    failure_logs: string | null;
    status: Generated<PodStatus>;
    resolved_at: string | null;
    resolution_note: string | null;
    ignored_at: string | null;
    told_at: string | null;
    explanation: string | null;
    log_explanation: string | null;
  };
  security_findings: {
    id: Generated<number>;
    resource_type: string;
    resource_name: string;
    namespace: string;
    severity: string;
    category: string;
    title: string;
    description: string;
    remediation: string;
    timestamp: string;
    manifest: string;
    dismissed: Generated<number>;
    unseen_since: string | null;
  };
  excluded_pods: { id: Generated<number>; pod_name: string; created_at: string };
  excluded_namespaces: { id: Generated<number>; namespace: string; created_at: string };
  excluded_rules: { id: Generated<number>; rule_title: string; namespace: string | null; created_at: string };
  trusted_registries: { id: Generated<number>; registry: string; created_at: string };
  /** At most one row, with the id 1. */
  llm_config: {
    id: number;
    provider: string;
    api_key_sealed: string | null;
    model: string | null;
    base_url: string | null;
    created_at: string;
    updated_at: string;
  };
  app_settings: { key: string; value: string; updated_at: string };
  notification_settings: {
    id: Generated<number>;
    provider: string;
    enabled: number;
    webhook_url_sealed: string;
    created_at: string;
    updated_at: string;
  };
  users: {
    id: Generated<number>;
    username: string;
    username_folded: string;
    password_hash: string;
    email: string | null;
    role: Role;
    created_at: string;
    updated_at: string;
  };
  first_admin: { id: number; changes: Generated<number>; created_at: string };
  sessions: {
    key: string;
    user_id: number;
    created_at: string;
    expires_at: string;
    browser: string | null;
    signed_under: string | null;
  };
  invitations: {
    id: Generated<number>;
    token_hash: string;
    role: Role;
    created_by: number | null;
    created_at: string;
    expires_at: string;
    used_at: string | null;
  };
  password_resets: { token_hash: string; user_id: number; created_at: string; expires_at: string };
  login_attempts: { id: Generated<number>; address: string; account: string; at: string };
  migrations: { name: string; applied_at: string };
}

export type Database = Kysely<Schema>;
