/** Sessions. The user's row is read with them, so that a change of role acts on the next request. */
import type { NewSession, OwnSession, SessionStore, StoredSession } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import { builtOnce } from './built-once.ts';
import { endSessions, listedUser } from './users.ts';

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

  async add({ key, userId, verified, at, expiresAt, browser, signedUnder }: NewSession): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#commits.write((transaction) =>
      transaction
        .insertInto('sessions')
        .columns(['key', 'user_id', 'created_at', 'expires_at', 'browser', 'signed_under'])
        .expression((build) =>
          build
            .selectFrom('users')
            .select((user) => [
              user.val(key).as('key'),
              'id',
              user.val(at).as('created_at'),
              user.val(expiresAt).as('expires_at'),
              user.val(browser).as('browser'),
              user.val(signedUnder).as('signed_under'),
            ])
            .where('id', '=', userId)
            .where('password_hash', '=', verified),
        )
        .executeTakeFirstOrThrow(),
    );
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
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

  ofUser(userId: number, signedUnder: string, now: string): Promise<OwnSession[]> {
    return this.#database
      .selectFrom('sessions')
      .select(['key', 'created_at as createdAt', 'expires_at as expiresAt', 'browser'])
      .where('user_id', '=', userId)
      .where('expires_at', '>', now)
      .where((row) => row.or([row('signed_under', '=', signedUnder), row('signed_under', 'is', null)]))
      .orderBy('created_at', 'desc')
      .execute();
  }

  async end(key: string): Promise<void> {
    await this.#commits.write((transaction) => transaction.deleteFrom('sessions').where('key', '=', key).execute());
  }

  async endOthers(userId: number, exceptKey: string): Promise<void> {
    await this.#commits.write((transaction) => endSessions(transaction, userId, exceptKey));
  }

  async alive(keys: readonly string[], now: string): Promise<string[]> {
    if (keys.length === 0) return [];
    const sessions = this.#database.selectFrom('sessions').select('key');
    const rows = await sessions.where('key', 'in', keys).where('expires_at', '>', now).execute();
    return rows.map(({ key }) => key);
  }
}
