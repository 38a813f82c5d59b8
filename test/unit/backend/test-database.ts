/** The database of a test: SQLite, or in the project `store` one of its own in the PostgreSQL of that run. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Dialect } from '../../../backend/store/dialect.ts';
import type { Database } from '../../../backend/store/schema.ts';
import { openSqlite } from '../../../backend/store/sqlite.ts';
import { createDatabase } from '../../fixtures/postgresql.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where databases are created; undefined in projects without PostgreSQL. */
    postgresql: string | undefined;
  }
}

/** Whoever names the same directory gets the same database. */
export async function openTestDatabase(
  directory: string,
  onUse: () => void,
  atEnd: (cleanUp: () => Promise<void>) => void,
): Promise<{ readonly database: Database; readonly dialect: Dialect; readonly url: string | undefined }> {
  const server = inject('postgresql');
  if (server === undefined) return { database: await openSqlite(join(directory, 'kure.db'), onUse), dialect: 'sqlite', url: undefined };
  const name = `test_${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;
  const created = await createDatabase(server, name);
  if (created.isNew) atEnd(created.drop);
  const { openPostgresql } = await import('../../../backend/store/postgresql.ts');
  return { database: await openPostgresql({ url: created.url, onLost: () => {}, onUse }), dialect: 'postgresql', url: created.url };
}
