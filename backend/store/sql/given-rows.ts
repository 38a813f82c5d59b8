/** Many rows in one statement of PostgreSQL: an array for each column, so that any number of rows has the same text. */
import { sql, type AliasedRawBuilder } from 'kysely';
import { storable } from '../storable.ts';

export type TextRow<Column extends string> = Readonly<Record<Column, string | null>>;

/** A relation named `given` with these columns, all of type text. */
export function givenRows<Column extends string>(
  columns: readonly Column[],
  rows: readonly TextRow<Column>[],
): AliasedRawBuilder<TextRow<Column>, 'given'> {
  const arrays = columns.map((column) => sql`${rows.map((row) => row[column])}::text[]`);
  const names = columns.map((column) => sql.ref(column));
  return sql<TextRow<Column>>`unnest(${sql.join(arrays)})`.as<'given'>(sql`given(${sql.join(names)})`);
}

/** As they will be read again, so that a row that comes back is found by its key. */
export function storableRow<Row extends TextRow<string>>(row: Row): Row {
  const entries = Object.entries(row).map(([column, text]) => [column, text === null ? null : storable(text)]);
  return Object.fromEntries(entries) as Row;
}

/** One statement cannot write a row twice: of rows with the same key the last stays, as if one had followed the other. */
export function lastOfEach<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
