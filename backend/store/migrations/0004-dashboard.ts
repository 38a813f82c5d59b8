/** What people decide in the dashboard: ignored failures that stay ignored, settings, where notifications go. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `alter table pod_failures add column ignored_at text`,
  `create unique index pod_failures_ignored on pod_failures (namespace, pod_name) where status = 'ignored'`,
  `create index pod_failures_of_pod on pod_failures (namespace, pod_name, id)`,
  `create index pod_failures_resolved on pod_failures (resolved_at) where status = 'resolved'`,
  `create table app_settings (key text primary key, value text not null, updated_at text not null) strict`,
  `create table notification_settings (
    id integer primary key autoincrement,
    provider text not null unique,
    enabled integer not null check (enabled in (0, 1)),
    webhook_url_sealed text not null,
    created_at text not null,
    updated_at text not null
  ) strict`,
];

export const createDashboard = (definitions: Definitions) => define(definitions, statements);
