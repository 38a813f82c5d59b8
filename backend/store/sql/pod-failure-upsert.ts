/** Writes reports of failed pods: new rows, or the newest facts over what is known of the pod. */
import { sql, type Insertable, type InsertQueryBuilder, type InsertResult, type Selectable } from 'kysely';
import type { PodReport } from '../../../shared/contract/pods.ts';
import type { Dialect } from '../dialect.ts';
import type { WriteMany } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import { builtOnce } from './built-once.ts';
import { givenRows, lastOfEach, storableRow } from './given-rows.ts';

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
const columns = [...subject, ...facts] as const;

/** What the report does not say. */
const decided = ['id', 'status', 'resolved_at', 'resolution_note', 'ignored_at', 'told_at', 'explanation', 'log_explanation'] as const;

/** Written out, because an index condition with parameters is not recognized as that of the partial index. */
export const isActive = sql<boolean>`status in ('new', 'investigating')`;
const isIgnored = sql<boolean>`status = 'ignored'`;

type Row = Pick<Selectable<Schema['pod_failures']>, (typeof columns)[number]>;
type Decided = Pick<Selectable<Schema['pod_failures']>, (typeof decided)[number]>;

/** SQLite has no way to a server to save, so that it writes row by row. */
export const podFailureUpsert: Record<Dialect, WriteMany<Row, Decided>> = { sqlite: oneByOne, postgresql: together };

export function podFailureRow(report: PodReport): Row {
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

/** What somebody ignores stays ignored until the pod recovers, however often it is reported. */
const updateIgnored = builtOnce<Row, Decided>(columns, (database, { namespace, pod_name, ...news }) =>
  database
    .updateTable('pod_failures')
    .set(news)
    .where('namespace', '=', namespace)
    .where('pod_name', '=', pod_name)
    .where(isIgnored)
    .returning(decided),
);

const upsert = builtOnce<Row, Decided>(columns, (database, row) => orUpdate(database.insertInto('pod_failures').values(row)));

async function oneByOne(transaction: Database, rows: readonly Row[]): Promise<Decided[]> {
  const saved: Decided[] = [];
  for (const row of rows) {
    const [known] = await updateIgnored(transaction, row);
    saved.push(...(known ? [known] : await upsert(transaction, row)));
  }
  return saved;
}

async function together(transaction: Database, reports: readonly Row[]): Promise<Decided[]> {
  const rows = reports.map(storableRow);
  const latest = lastOfEach(rows, keyOf);
  const ignored = new Set((await ignoredOf(transaction, latest)).map(keyOf));
  const [known, others] = [latest.filter((row) => ignored.has(keyOf(row))), latest.filter((row) => !ignored.has(keyOf(row)))];
  const saved = new Map<string, Decided>();
  if (known.length > 0) for (const row of await updateAllIgnored(transaction, known)) saved.set(keyOf(row), row);
  if (others.length > 0) for (const row of await insertAll(transaction, others)) saved.set(keyOf(row), row);
  return rows.map((row) => saved.get(keyOf(row))!);
}

/** Asked first, by name alone, because there are few and reports are long. */
function ignoredOf(transaction: Database, rows: readonly Row[]) {
  return transaction
    .selectFrom('pod_failures')
    .innerJoin(givenRows(subject, rows), (join) =>
      join.onRef('given.namespace', '=', 'pod_failures.namespace').onRef('given.pod_name', '=', 'pod_failures.pod_name'),
    )
    .where(isIgnored)
    .select(['pod_failures.namespace', 'pod_failures.pod_name'])
    .execute();
}

function updateAllIgnored(transaction: Database, rows: readonly Row[]) {
  return transaction
    .updateTable('pod_failures')
    .from(givenRows(columns, rows))
    .set((row) => Object.fromEntries(facts.map((fact) => [fact, row.ref(`given.${fact}`)])))
    .whereRef('pod_failures.namespace', '=', 'given.namespace')
    .whereRef('pod_failures.pod_name', '=', 'given.pod_name')
    .where(isIgnored)
    .returning(['pod_failures.namespace', 'pod_failures.pod_name', ...decided])
    .execute();
}

function insertAll(transaction: Database, rows: readonly Row[]) {
  const given = transaction.selectFrom(givenRows(columns, rows)).select(columns);
  return orUpdate(transaction.insertInto('pod_failures').columns(columns).expression(given)).execute();
}

function orUpdate(insertion: InsertQueryBuilder<Schema, 'pod_failures', InsertResult>) {
  return insertion
    .onConflict((conflict) =>
      conflict
        .columns(subject)
        .where(isActive)
        .doUpdateSet((row) => Object.fromEntries(facts.map((fact) => [fact, row.ref(`excluded.${fact}`)]))),
    )
    .returning([...subject, ...decided]);
}

const keyOf = (row: Pick<Row, (typeof subject)[number]>): string => JSON.stringify(subject.map((column) => row[column]));
