/**
 * Opens a SQLite database with node:sqlite under Kysely. Another process may have the same file open.
 *
 * A transaction has ended when the disk has it, as with `synchronous = full`; but the event loop runs while the disk works
 * (docs/decisions/0021).
 */
import { open, type FileHandle } from 'node:fs/promises';
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
import { DatabaseError } from './database-error.ts';
import type { Database, Schema } from './schema.ts';

/** How long a statement waits for another process's lock, with the event loop running in between. */
const maxWaitMs = 30_000;
/**
 * While two processes have the file open, as in a rollout, the lock is free for less than a millisecond between two
 * commits. SQLite's own wait would stand still in longer and longer steps and miss it for seconds.
 */
const retryMs = 1;
/** SQLITE_BUSY and SQLITE_FULL. */
const busy = 5;
const full = 13;

/** With `normal` SQLite itself syncs the log before and the database after a checkpoint, and leaves commits to us. */
const settings = ['journal_mode = wal', 'synchronous = normal', 'foreign_keys = on'];

/** Every write must be in a transaction: what commits by itself is not waited for. `onUse` is called for each read or transaction. */
export async function openSqlite(file: string, onUse: () => void): Promise<Database> {
  const database = new DatabaseSync(file);
  for (const setting of settings) await whenFree(() => database.exec(`pragma ${setting}`));
  return new Kysely<Schema>({ dialect: createDialect(new NodeSqlite(database), new WriteAheadLog(`${file}-wal`), onUse) });
}

function createDialect(database: NodeSqlite, log: WriteAheadLog, onUse: () => void): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WaitingDriver(database, log, onUse),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Where commits are. The file is there from the first commit on, until the last process closes it. */
class WriteAheadLog {
  readonly #path: string;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Failing once ends the process: the system may have dropped what it could not write, and would say nothing of it the next
   * time. The next process reads what the disk has. So does PostgreSQL, https://wiki.postgresql.org/wiki/Fsync_Errors
   */
  async sync(): Promise<void> {
    try {
      this.#file ??= await open(this.#path);
      await this.#file.datasync();
    } catch (error) {
      const lost = new Error('the disk did not take a commit', { cause: error });
      setImmediate(() => {
        throw lost;
      });
      throw lost;
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

class WaitingDriver extends SqliteDriver {
  readonly #database: NodeSqlite;
  readonly #log: WriteAheadLog;
  readonly #onUse: () => void;

  constructor(database: NodeSqlite, log: WriteAheadLog, onUse: () => void) {
    super({ database });
    this.#database = database;
    this.#log = log;
    this.#onUse = onUse;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#onUse();
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

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    await this.#log.sync();
  }

  /** After some errors SQLite has done it already; after a commit there is nothing to take back. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isInTransaction) await super.rollbackTransaction(connection);
  }

  override async destroy(): Promise<void> {
    await super.destroy();
    await this.#log.close();
  }
}

/** Throws a DatabaseError where the disk is full. */
async function whenFree<T>(attempt: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + maxWaitMs;
  while (true) {
    try {
      return await attempt();
    } catch (error) {
      if (sqliteCodeOf(error) === full) throw new DatabaseError('The disk is full', true, error);
      if (sqliteCodeOf(error) !== busy || performance.now() > deadline) throw error;
      await sleep(retryMs);
    }
  }
}

/** 0 for what is no error of SQLite. Extended codes carry the plain one in their low byte. */
export const sqliteCodeOf = (error: unknown): number => (error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0);

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

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#database.close();
  }
}
