/** Writes findings: new rows, or the newest facts over the known ones. */
import { sql, type Insertable, type InsertQueryBuilder, type InsertResult } from 'kysely';
import type { FindingReport } from '../../../shared/contract/security.ts';
import type { Dialect } from '../dialect.ts';
import type { WriteMany } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import { writeLock } from '../write-lock.ts';
import { builtOnce } from './built-once.ts';
import { givenRows, lastOfEach, storableRow } from './given-rows.ts';

const subject = ['resource_type', 'namespace', 'resource_name', 'title'] as const;
const facts = ['severity', 'category', 'description', 'remediation', 'timestamp', 'manifest'] as const;
const columns = [...subject, ...facts] as const;

export type FindingRow = Record<(typeof columns)[number], string>;

/** What the report does not say. */
interface Decided {
  readonly id: number;
  readonly dismissed: number;
}

/** SQLite has no way to a server to save, so that it writes row by row. */
export const findingUpsert: Record<Dialect, WriteMany<FindingRow, Decided>> = {
  sqlite: oneByOne,
  postgresql: Object.assign(together, { isOneStatement: true } as const),
};

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
  } satisfies Insertable<Schema['security_findings']>;
}

const upsert = builtOnce<FindingRow, Decided>(columns, (database, row) => orUpdate(database.insertInto('security_findings').values(row)));

async function oneByOne(database: Database, rows: readonly FindingRow[]): Promise<Decided[]> {
  const saved: Decided[] = [];
  for (const row of rows) saved.push(...(await upsert(database, row)));
  return saved;
}

/** It waits for the lock before the first row; what was written until then counts as known. */
async function together(database: Database, reports: readonly FindingRow[]): Promise<Decided[]> {
  const rows = reports.map(storableRow);
  const given = database.selectFrom(givenRows(columns, lastOfEach(rows, keyOf))).select(columns).where(isLocked);
  const saved = await orUpdate(database.insertInto('security_findings').columns(columns).expression(given)).execute();
  const byKey = new Map(saved.map((row) => [keyOf(row), row]));
  return rows.map((row) => byKey.get(keyOf(row))!);
}

const isLocked = sql<boolean>`(select ${sql.raw(writeLock)}) is not null`;

type Insertion = InsertQueryBuilder<Schema, 'security_findings', InsertResult>;

function orUpdate(insertion: Insertion) {
  return insertion
    .onConflict((conflict) =>
      conflict.columns(subject).doUpdateSet((row) => Object.fromEntries(facts.map((fact) => [fact, row.ref(`excluded.${fact}`)]))),
    )
    .returning([...subject, 'id', 'dismissed']);
}

const keyOf = (row: Pick<FindingRow, (typeof subject)[number]>): string => JSON.stringify(subject.map((column) => row[column]));
