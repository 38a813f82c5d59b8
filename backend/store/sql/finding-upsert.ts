/** Writes findings, one row for each title and resource. */
import type { Insertable } from 'kysely';
import type { FindingReport } from '../../../shared/contract/security.ts';
import type { Schema } from '../schema.ts';
import { reportUpsert } from './report-upsert.ts';

const subject = ['resource_type', 'namespace', 'resource_name', 'title'] as const;
const facts = ['severity', 'category', 'description', 'remediation', 'timestamp', 'manifest', 'unseen_since'] as const;

type FindingRow = Readonly<Record<Exclude<(typeof subject | typeof facts)[number], 'unseen_since'>, string>> & { readonly unseen_since: null };

interface Decided {
  readonly id: number;
  readonly dismissed: number;
}

export const findingUpsert = reportUpsert<(typeof subject)[number], (typeof facts)[number], Decided>({
  table: 'security_findings',
  subject,
  facts,
  decided: ['id', 'dismissed'],
});

export function findingRow(report: FindingReport): FindingRow {
  return {
    resource_type: report.resource_type,
    resource_name: report.resource_name,
    namespace: report.namespace,
    severity: report.severity,
    category: report.category,
    title: report.title,
    description: report.description,
    remediation: report.remediation,
    timestamp: report.timestamp,
    manifest: report.manifest ?? '',
    unseen_since: null,
  } satisfies Insertable<Schema['security_findings']>;
}
