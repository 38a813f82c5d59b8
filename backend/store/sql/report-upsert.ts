/** Writes reports: new rows, or the newest facts over the known ones. */
import { sql, type RawBuilder } from 'kysely';
import type { Dialect } from '../dialect.ts';
import type { WriteMany } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import { storable } from '../storable.ts';
import { writeLock } from '../write-lock.ts';
import { builtOnce } from './built-once.ts';

export interface ReportTable<Subject extends string, Fact extends string, Decided> {
  readonly table: string;
  /** What a row is about: a unique index has these columns. */
  readonly subject: readonly Subject[];
  /** The condition of that index, if it has one, word for word: with parameters it would not be recognized. */
  readonly condition?: RawBuilder<boolean>;
  readonly facts: readonly Fact[];
  /** What the report does not say. */
  readonly decided: readonly (keyof Decided & string)[];
}

type TextRow<Column extends string> = Readonly<Record<Column, string | null>>;

/** SQLite has no way to a server to save, so that it writes row by row. */
export function reportUpsert<Subject extends string, Fact extends string, Decided>({ table, subject, condition, facts, decided }: ReportTable<Subject, Fact, Decided>): Record<Dialect, WriteMany<TextRow<Subject | Fact>, Decided>> {
  type Column = Subject | Fact;
  type Row = TextRow<Column>;
  const columns: readonly Column[] = [...subject, ...facts];

  const upsert = (rows: RawBuilder<unknown>) => sql<Decided & Row>`
    insert into ${sql.table(table)} (${listed(columns)}) ${rows}
    on conflict (${listed(subject)}) ${condition ? sql`where ${condition}` : sql``}
    do update set ${sql.join(facts.map((fact) => sql`${sql.ref(fact)} = ${sql.ref(`excluded.${fact}`)}`))}
    returning ${listed([...subject, ...decided])}`;

  const one = builtOnce<Row, Decided>(columns, (_, row) => upsert(sql`values (${sql.join(columns.map((column) => row[column]))})`));

  /** An array for each column, so that any number of rows has the same text. It waits for the lock before the first row. */
  const many = builtOnce<Readonly<Record<Column, readonly (string | null)[]>>, Decided & Row>(columns, (_, given) =>
    upsert(sql`
      select ${listed(columns)} from unnest(${sql.join(columns.map((column) => sql`${given[column]}::text[]`))}) as given(${listed(columns)})
      where (select ${sql.raw(writeLock)}) is not null`),
  );

  const keyOf = (row: Row): string => subject.map((column) => row[column]).join('\0');

  async function oneByOne(database: Database, rows: readonly Row[]): Promise<Decided[]> {
    const saved: Decided[] = [];
    for (const row of rows) saved.push(...(await one(database, row)));
    return saved;
  }

  async function together(database: Database, reports: readonly Row[]): Promise<Decided[]> {
    const rows = reports.map(storableRow);
    // One statement cannot write a row twice: the last report of a subject stays, as if one had followed the other.
    const latest = [...new Map(rows.map((row) => [keyOf(row), row])).values()];
    const given = Object.fromEntries(columns.map((column) => [column, latest.map((row) => row[column])]));
    const saved = await many(database, given as Record<Column, (string | null)[]>);
    const byKey = new Map(saved.map((row) => [keyOf(row), row]));
    return rows.map((row) => byKey.get(keyOf(row))!);
  }

  return { sqlite: oneByOne, postgresql: Object.assign(together, { isOneStatement: true } as const) };
}

const listed = (columns: readonly string[]) => sql.join(columns.map((column) => sql.ref(column)));

/** As it will be read again, so that a row that comes back is found by its key. */
function storableRow<Row extends TextRow<string>>(row: Row): Row {
  const entries = Object.entries(row).map(([column, text]) => [column, text === null ? null : storable(text)]);
  return Object.fromEntries(entries) as Row;
}
