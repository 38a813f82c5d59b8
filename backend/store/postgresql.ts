/**
 * Opens a PostgreSQL database under Kysely, so that it behaves as SQLite does: writes of all replicas come one after
 * the other, and a request that comes while the server restarts waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompiledQuery,
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type PostgresPool,
  type PostgresPoolClient,
} from 'kysely';
import pg from 'pg';
import { DatabaseError, interruption, isSilence, refusal } from './database-error.ts';
import type { Database, Schema } from './schema.ts';
import { storable } from './storable.ts';
import { writeLock } from './write-lock.ts';

/** 13 is the oldest that its makers kept until lately. */
const oldestVersion = 13;
/** One transaction and the reads beside it. */
const maxConnections = 8;
const connectMs = 5_000;
/** How long a request waits for a server that is restarting. */
const maxWaitMs = 10_000;
const retryMs = 100;
/** Ends what a replica that has lost its network holds, and a wait for it. */
const stuckMs = 30_000;
/** A server that is there ends a statement before. One that lost its power, or its network, says nothing, for hours. */
const silenceMs = 35_000;
/** More texts than the stores have; what has a list of varying length in it must not fill the server. */
const maxPrepared = 200;

export interface PostgresqlOptions {
  readonly url: string;
  /** Connections that are lost while nobody uses them. */
  readonly onLost: (error: Error) => void;
  /** Called for each read or transaction. */
  readonly onUse: () => void;
  /** After which the server ends a statement. */
  readonly statementMs?: number;
  /** After which a statement without an answer gives up its connection; longer. */
  readonly silentMs?: number;
}

/** Throws a DatabaseError; `isWorthWaiting` says whether it may go away by itself. */
export async function openPostgresql({ url, onLost, onUse, statementMs = stuckMs, silentMs = silenceMs }: PostgresqlOptions): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'kure-backend',
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    query_timeout: silentMs,
    statement_timeout: statementMs,
    lock_timeout: stuckMs,
    idle_in_transaction_session_timeout: stuckMs,
    types: { getTypeParser },
  });
  pool.on('error', onLost);
  try {
    await checkVersion(pool);
  } catch (error) {
    await pool.end();
    throw refusal(error);
  }
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new WaitingDriver(prepared(pool, onLost), onUse),
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

async function checkVersion(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num');
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (version >= oldestVersion) return;
  throw new DatabaseError(`PostgreSQL ${version} is too old: the backend needs ${oldestVersion} or newer`, false);
}

const int8: number = pg.types.builtins.INT8;

/** Numbers of 64 bits as numbers: row ids and counts stay far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === int8 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown);

class WaitingDriver extends PostgresDriver {
  readonly #onUse: () => void;

  constructor(pool: PostgresPool, onUse: () => void) {
    super({ pool });
    this.#onUse = onUse;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#onUse();
    const deadline = performance.now() + maxWaitMs;
    while (true) {
      try {
        return await super.acquireConnection();
      } catch (error) {
        const reason = refusal(error);
        if (!reason.isWorthWaiting || performance.now() > deadline) throw reason;
        await sleep(retryMs);
      }
    }
  }

  /** Whoever reads and then writes in one transaction sees all that was written before, and no two can block each other. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await connection.executeQuery(CompiledQuery.raw(`begin; select ${writeLock}`));
    } catch (error) {
      // The transaction is open even where the lock was refused, and the connection goes back to the pool.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
      throw error;
    }
  }
}

/** The pool as Kysely sees it: the server keeps the few texts that come again and again. */
function prepared(pool: pg.Pool, onLost: (error: Error) => void): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string): string | undefined => {
    // The columns behind a star change when a newer release migrates; a prepared text would fail from then on.
    if (text.includes('*') || (names.size >= maxPrepared && !names.has(text))) return undefined;
    if (!names.has(text)) names.set(text, `kure_${names.size}`);
    return names.get(text);
  };
  const wrap = (client: pg.PoolClient) => {
    client.on('error', onLost);
    return {
      query: async (text: string, values: readonly unknown[]) => {
        try {
          return await client.query({ text, values: values.map(readable), name: values.length > 0 ? nameOf(text) : undefined });
        } catch (error) {
          // The answer might still come, and be taken for that of the next statement.
          if (isSilence(error)) void client.end();
          throw interruption(error);
        }
      },
      release: () => {
        client.off('error', onLost);
        client.release();
      },
    } as unknown as PostgresPoolClient;
  };
  return { connect: async () => wrap(await pool.connect()), end: () => pool.end() };
}

/** Logs of a crashed program may have characters that PostgreSQL refuses. */
function readable(value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value;
}
