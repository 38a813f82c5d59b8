/** The database that the settings name. While PostgreSQL is not there yet, waits for it and says so at `/ready`. */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/log.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import { DatabaseError, refusal } from './store/database-error.ts';
import { migrate } from './store/migrate.ts';
import { openStores, storesOver } from './store/open-stores.ts';
import { openSqlite, sqliteCodeOf } from './store/sqlite.ts';
import type { Stores } from './store/store.ts';

const retryMs = 1_000;
/** After which probes are answered that the database is not there yet: most are there sooner. */
const slowMs = 5_000;
/** What is done once, to all rows, is not ended as what a request waits for is. */
const migrationMs = { statementMs: 3_600_000, silentMs: 3_605_000 };
/** SQLite's READONLY, IOERR, CORRUPT, FULL, CANTOPEN and NOTADB. */
const diskCodes = new Set([8, 10, 11, 13, 14, 26]);

export interface OpenDatabaseDeps {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Makes the folder of the data, too. Throws a DatabaseError for what waiting does not help. */
export async function openDatabase(config: Config, deps: OpenDatabaseDeps): Promise<Stores> {
  const { databaseUrl, dataDir } = config;
  const onUse = () => deps.metrics.databaseUses.inc();
  await mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unusable(`The folder ${dataDir} cannot be made`, error);
  });
  if (databaseUrl === undefined) return openSqliteStores(join(dataDir, 'kure.db'), onUse);
  const room = new WaitingRoom(config, deps);
  try {
    while (true) {
      try {
        return await openPostgresqlStores(databaseUrl, onUse, room, deps.log);
      } catch (error) {
        const reason = refusal(error);
        if (!reason.isWorthWaiting) throw reason;
        await room.open(reason.message);
        await deps.clock.sleep(retryMs);
      }
    }
  } finally {
    await room.close();
  }
}

async function openSqliteStores(file: string, onUse: () => void): Promise<Stores> {
  try {
    return await openStores(await openSqlite(file, onUse), 'sqlite');
  } catch (error) {
    if (!diskCodes.has(sqliteCodeOf(error))) throw error;
    throw unusable(`The database ${file} cannot be opened`, error);
  }
}

const unusable = (what: string, error: unknown): DatabaseError =>
  new DatabaseError(`${what} (${(error as Error).message}): check that DATA_DIR names a folder that this user may write, on a disk with space left, and that what is in it is whole`, false, error);

/** The driver is loaded here: installs with SQLite do without its memory. */
async function openPostgresqlStores(url: string, onUse: () => void, room: WaitingRoom, log: Logger): Promise<Stores> {
  const { openPostgresql } = await import('./store/postgresql.ts');
  const onLost = (error: Error) => log.warn({ err: error }, 'lost a connection to PostgreSQL');
  const patient = await openPostgresql({ url, onLost, onUse, ...migrationMs });
  try {
    await room.during(migrate(patient, 'postgresql'), 'it is being brought to the form that this release needs');
  } finally {
    await patient.destroy();
  }
  return storesOver(await openPostgresql({ url, onLost, onUse }), 'postgresql');
}

/** Answers probes as long as there is nothing to build the backend on: alive, and why it is not ready. */
class WaitingRoom {
  readonly #config: Config;
  readonly #deps: OpenDatabaseDeps;
  #reason = '';
  #opened: Promise<void> | undefined;
  readonly #server = createServer((request, response) => {
    const isAlive = request.url === '/health';
    response.writeHead(isAlive ? 200 : 503, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(isAlive ? { status: 'healthy' } : { status: 'not ready', reasons: [this.#reason] }));
  });

  constructor(config: Config, deps: OpenDatabaseDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  /** Opens it at first; then only the reason is another one. */
  async open(reason: string): Promise<void> {
    if (this.#reason !== reason) this.#deps.log.warn(`waiting for the database: ${reason}`);
    this.#reason = reason;
    this.#opened ??= this.#listen();
    await this.#opened;
  }

  /** Opens it where the work takes long: a startup probe has not much patience. */
  async during<T>(work: Promise<T>, reason: string): Promise<T> {
    const done = new AbortController();
    const opening = this.#deps.clock.sleep(slowMs, done.signal).then(() => this.open(reason), () => {});
    try {
      return await work;
    } finally {
      done.abort(new Error('it is done'));
      await opening;
    }
  }

  async close(): Promise<void> {
    if (!this.#opened) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#config;
    this.#server.listen({ port, ...(host !== '' && { host }) });
    await once(this.#server, 'listening');
  }
}
