/**
 * Brings the database forward. Two processes may start at the same time: the transaction is the lock.
 * A database that a newer release has already brought further is left as it is, because that release keeps the one
 * before it working: in a rolling update both use it.
 */
import type { Kysely } from 'kysely';
import { define, type Definitions, type Dialect } from './dialect.ts';
import type { Database } from './schema.ts';
import { createReports } from './migrations/0001-reports.ts';
import { createLlmConfig } from './migrations/0002-llm-config.ts';
import { createAccounts } from './migrations/0003-accounts.ts';
import { createDashboard } from './migrations/0004-dashboard.ts';
import { createNotices } from './migrations/0005-notices.ts';
import { createExplanations } from './migrations/0006-explanations.ts';
import { createOwnSessions } from './migrations/0007-own-sessions.ts';
import { createOneUnresolvedFailure } from './migrations/0008-one-unresolved-failure.ts';
import { createUnseenFindings } from './migrations/0009-unseen-findings.ts';

/** In order; a name is never changed or removed once it was released. */
const migrations: Readonly<Record<string, (definitions: Definitions) => Promise<void>>> = {
  '0001-reports': createReports,
  '0002-llm-config': createLlmConfig,
  '0003-accounts': createAccounts,
  '0004-dashboard': createDashboard,
  '0005-notices': createNotices,
  '0006-explanations': createExplanations,
  '0007-own-sessions': createOwnSessions,
  '0008-one-unresolved-failure': createOneUnresolvedFailure,
  '0009-unseen-findings': createUnseenFindings,
};

/** Returns the names of the migrations that it ran. */
export async function migrate(database: Database, dialect: Dialect): Promise<string[]> {
  return database.transaction().execute(async (transaction) => {
    const definitions = { database: transaction as unknown as Kysely<unknown>, dialect };
    await define(definitions, ['create table if not exists migrations (name text primary key, applied_at text not null) strict']);
    const rows = await transaction.selectFrom('migrations').select('name').execute();
    const applied = new Set(rows.map(({ name }) => name));
    const missing = Object.keys(migrations).filter((name) => !applied.has(name));
    for (const name of missing) {
      await migrations[name]!(definitions);
      await transaction.insertInto('migrations').values({ name, applied_at: new Date().toISOString() }).execute();
    }
    return missing;
  });
}

