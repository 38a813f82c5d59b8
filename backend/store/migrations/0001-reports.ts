/** What agent and scanner report, and the four lists of what they leave alone. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `create table pod_failures (
    id integer primary key,
    namespace text not null,
    pod_name text not null,
    node_name text,
    phase text not null,
    creation_timestamp text not null,
    failure_reason text not null,
    failure_message text,
    container_statuses text not null,
    events text not null,
    logs text not null,
    manifest text not null,
    failure_logs text,
    status text not null default 'new' check (status in ('new', 'investigating', 'resolved', 'ignored')),
    resolved_at text,
    resolution_note text
  ) strict`,
  // One active row per pod, however many agents report it at the same moment.
  `create unique index pod_failures_active on pod_failures (namespace, pod_name)
    where status in ('new', 'investigating')`,
  `create table security_findings (
    id integer primary key,
    resource_type text not null,
    resource_name text not null,
    namespace text not null,
    severity text not null,
    category text not null,
    title text not null,
    description text not null,
    remediation text not null,
    timestamp text not null,
    manifest text not null,
    dismissed integer not null default 0 check (dismissed in (0, 1))
  ) strict`,
  `create unique index security_findings_subject
    on security_findings (resource_type, namespace, resource_name, title)`,
  `create table excluded_pods (id integer primary key, pod_name text not null unique, created_at text not null) strict`,
  `create table excluded_namespaces (id integer primary key, namespace text not null unique, created_at text not null) strict`,
  `create table excluded_rules (id integer primary key, rule_title text not null, namespace text, created_at text not null) strict`,
  // An index over an expression, because two nulls would not count as equal.
  `create unique index excluded_rules_subject on excluded_rules (rule_title, coalesce(namespace, ''))`,
  `create table trusted_registries (id integer primary key, registry text not null unique, created_at text not null) strict`,
];

export const createReports = (definitions: Definitions) => define(definitions, statements);
