/** Writes reports of failed pods. What somebody ignores stays ignored until the pod recovers, however often it is reported. */
import { sql, type Insertable, type Selectable } from 'kysely';
import type { PodReport } from '../../../shared/contract/pods.ts';
import { Declined } from '../../domain/declined.ts';
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

/** Agents send four levels; what has thousands could not be written out again. */
const deepest = 32;

/** Throws Declined. */
export function podFailureRow(report: PodReport): Pick<Failure, (typeof subject | typeof facts)[number]> {
  return {
    namespace: report.namespace,
    pod_name: report.pod_name,
    node_name: report.node_name ?? null,
    phase: report.phase,
    creation_timestamp: report.creation_timestamp,
    failure_reason: report.failure_reason,
    failure_message: report.failure_message ?? null,
    container_statuses: written(report.container_statuses ?? []),
    events: written(report.events ?? []),
    logs: report.logs ?? '',
    manifest: report.manifest ?? '',
    failure_logs: report.failure_logs ? written(report.failure_logs) : null,
  } satisfies Insertable<Schema['pod_failures']>;
}

function written(value: object): string {
  if (isDeeper(value, deepest)) throw new Declined('invalid', 'The report is nested too deeply');
  return JSON.stringify(value);
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1)));
