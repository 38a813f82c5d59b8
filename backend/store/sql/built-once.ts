/** A statement that is built once and run for many rows: building its text takes several times as long as running it. */
import type { CompiledQuery, QueryExecutorProvider } from 'kysely';
import type { Database } from '../schema.ts';

type Value = string | number | null | readonly (string | null)[];

interface Buildable<Result> {
  compile(database: QueryExecutorProvider): CompiledQuery<Result>;
}

/**
 * `build` is given the names of the columns where their values will stand, and must use them as nothing but parameters.
 * Of one database only: the text is in its language.
 */
export function builtOnce<Row extends Readonly<Record<string, Value>>, Result>(
  columns: readonly (keyof Row & string)[],
  build: (database: Database, row: Row) => Buildable<Result>,
): (database: Database, row: Row) => Promise<readonly Result[]> {
  const names = Object.fromEntries(columns.map((column) => [column, column])) as Row;
  let built: CompiledQuery<Result> | undefined;
  return async (database, row) => {
    built ??= build(database, names).compile(database);
    const parameters = built.parameters.map((name) => row[name as keyof Row]);
    const query: CompiledQuery<Result> = { ...built, parameters };
    return (await database.executeQuery(query)).rows;
  };
}
