/** Sessions. The user's row is read with them, so that a change of role acts on the next request. */
import type { SessionStore, StoredSession } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import { builtOnce } from './built-once.ts';
import { listedUser } from './users.ts';

export class SqlSessions implements SessionStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  /** Asked with every request of a person. */
  readonly #ofKey = builtOnce(['key'], (database, { key }: { readonly key: string }) =>
    database
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['users.id', 'username', 'email', 'role', 'users.created_at', 'updated_at'])
      .select(['sessions.created_at as startedAt', 'expires_at'])
      .where('key', '=', key),
  );

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async add({ key, userId, at, expiresAt }: Parameters<SessionStore['add']>[0]): Promise<void> {
    const row = { key, user_id: userId, created_at: at, expires_at: expiresAt };
    await this.#commits.write((transaction) => transaction.insertInto('sessions').values(row).execute());
  }

  async find(key: string): Promise<StoredSession | undefined> {
    const [row] = await this.#ofKey(this.#database, { key });
    return row && { key, user: listedUser(row), createdAt: row.startedAt, expiresAt: row.expires_at };
  }

  async extend(key: string, expiresAt: string): Promise<void> {
    await this.#commits.write((transaction) =>
      transaction.updateTable('sessions').set({ expires_at: expiresAt }).where('key', '=', key).execute(),
    );
  }

  async end(key: string): Promise<void> {
    await this.#commits.write((transaction) => transaction.deleteFrom('sessions').where('key', '=', key).execute());
  }

  async alive(keys: readonly string[], now: string): Promise<string[]> {
    if (keys.length === 0) return [];
    const sessions = this.#database.selectFrom('sessions').select('key');
    const rows = await sessions.where('key', 'in', keys).where('expires_at', '>', now).execute();
    return rows.map(({ key }) => key);
  }
}
