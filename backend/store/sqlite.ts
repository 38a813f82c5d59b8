/** Opens a SQLite database with node:sqlite under Kysely. Another process may have the same file open. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  Kysely,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely';
import type { Database, Schema } from './schema.ts';

/** How long a statement waits for another process's lock, with the event loop running in between. */
const maxWaitMs = 30_000;
/**
 * While two processes have the file open, as in a rollout, the lock is free for less than a millisecond between two
 * commits. SQLite's own wait would stand still in longer and longer steps and miss it for seconds.
 */
const retryMs = 1;

const settings = ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on'];

export async function openSqlite(file: string): Promise<Database> {
  const database = new DatabaseSync(file);
  for (const setting of settings) await whenFree(() => database.exec(`pragma ${setting}`));
  return new Kysely<Schema>({ dialect: createDialect(new NodeSqlite(database)) });
}

function createDialect(database: NodeSqlite): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WaitingDriver({ database }),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class WaitingDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    return {
      executeQuery: (query) => whenFree(() => connection.executeQuery(query)),
      streamQuery: connection.streamQuery.bind(connection),
    };
  }

  /** Takes the write lock at the beginning: a transaction that has begun cannot fail because another one wrote. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

async function whenFree<T>(attempt: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + maxWaitMs;
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      await sleep(retryMs);
    }
  }
}

function isBusy(error: unknown): boolean {
  // Extended codes carry the plain one in their low byte; 5 is SQLITE_BUSY.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}

/** node:sqlite in the shape that Kysely's driver expects (that of better-sqlite3). */
class NodeSqlite implements SqliteDatabase {
  readonly #database: DatabaseSync;
  /** Kysely writes the same few texts again and again. */
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(text: string): SqliteStatement {
    let statement = this.#statements.get(text);
    if (!statement) {
      const prepared = this.#database.prepare(text);
      statement = {
        reader: prepared.columns().length > 0,
        all: (parameters) => prepared.all(...(parameters as SQLInputValue[])),
        run: (parameters) => prepared.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => prepared.iterate(...(parameters as SQLInputValue[])),
      };
      this.#statements.set(text, statement);
    }
    return statement;
  }

  close(): void {
    this.#database.close();
  }
}
