/** Writes reports of failed pods. What somebody ignores stays ignored until the pod recovers, however often it is reported. */
import { sql, type Insertable, type Selectable } from 'kysely';
import type { PodReport } from '../../../shared/contract/pods.ts';
import type { Schema } from '../schema.ts';
import { reportUpsert } from './report-upsert.ts';

const subject = ['namespace', 'pod_name'] as const;
const facts = [
  'node_name',
  'phase',
  'creation_timestamp',
  'failure_reason',
  'failure_message',
  'container_statuses',
  'events',
  'logs',
  'manifest',
  'failure_logs',
] as const;
const decided = ['id', 'status', 'resolved_at', 'resolution_note', 'ignored_at', 'told_at', 'explanation', 'log_explanation'] as const;

type Failure = Selectable<Schema['pod_failures']>;

export const podFailureUpsert = reportUpsert<(typeof subject)[number], (typeof facts)[number], Pick<Failure, (typeof decided)[number]>>({
  table: 'pod_failures',
  subject,
  condition: sql`status in ('new', 'investigating', 'ignored')`,
  facts,
  decided,
});

export function podFailureRow(report: PodReport): Pick<Failure, (typeof subject | typeof facts)[number]> {
  return {
    namespace: report.namespace,
    pod_name: report.pod_name,
    node_name: report.node_name ?? null,
    phase: report.phase,
    creation_timestamp: report.creation_timestamp,
    failure_reason: report.failure_reason,
    failure_message: report.failure_message ?? null,
    container_statuses: JSON.stringify(report.container_statuses ?? []),
    events: JSON.stringify(report.events ?? []),
    logs: report.logs ?? '',
    manifest: report.manifest ?? '',
    failure_logs: report.failure_logs ? JSON.stringify(report.failure_logs) : null,
  } satisfies Insertable<Schema['pod_failures']>;
}
