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
import { openStores } from './store/open-stores.ts';
import { openSqlite, sqliteCodeOf } from './store/sqlite.ts';
import type { Stores } from './store/store.ts';

const retryMs = 1_000;
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
  let waiting: WaitingRoom | undefined;
  try {
    while (true) {
      try {
        return await openPostgresqlStores(databaseUrl, onUse, deps.log);
      } catch (error) {
        const reason = refusal(error);
        if (!reason.isWorthWaiting) throw reason;
        if (waiting?.reason !== reason.message) deps.log.warn(`waiting for the database: ${reason.message}`);
        waiting ??= await WaitingRoom.open(config);
        waiting.reason = reason.message;
        await deps.clock.sleep(retryMs);
      }
    }
  } finally {
    await waiting?.close();
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
async function openPostgresqlStores(url: string, onUse: () => void, log: Logger): Promise<Stores> {
  const { openPostgresql } = await import('./store/postgresql.ts');
  const onLost = (error: Error) => log.warn({ err: error }, 'lost a connection to PostgreSQL');
  const database = await openPostgresql({ url, onLost, onUse });
  try {
    return await openStores(database, 'postgresql');
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

/** Answers probes as long as there is nothing to build the backend on: alive, and why it is not ready. */
class WaitingRoom {
  reason = '';
  readonly #server = createServer((request, response) => {
    const isAlive = request.url === '/health';
    response.writeHead(isAlive ? 200 : 503, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(isAlive ? { status: 'healthy' } : { status: 'not ready', reasons: [this.reason] }));
  });

  static async open({ host, port }: Config): Promise<WaitingRoom> {
    const room = new WaitingRoom();
    room.#server.listen({ port, ...(host !== '' && { host }) });
    await once(room.#server, 'listening');
    return room;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
