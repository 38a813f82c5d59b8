/** Links by which people set a new password: stored as hashes, at most one for each user, each used once. */
import type { ListedUser } from '../../../shared/contract/accounts.ts';
import type { PasswordResetStore } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import { endSessions, setPassword } from './users.ts';

/** No password has this hash. */
const noPassword = '';

export class SqlPasswordResets implements PasswordResetStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  begin({ userId, tokenHash, at, expiresAt }: Parameters<PasswordResetStore['begin']>[0]): Promise<boolean> {
    return this.#commits.write(async (transaction) => {
      const user = await setPassword(transaction, userId, noPassword, at);
      if (!user) return false;
      await endSessions(transaction, userId);
      const reset = { token_hash: tokenHash, user_id: userId, created_at: at, expires_at: expiresAt };
      await transaction.insertInto('password_resets').values(reset).execute();
      return true;
    });
  }

  async find(tokenHash: string, now: string): Promise<number | undefined> {
    const row = await this.#database
      .selectFrom('password_resets')
      .select('user_id')
      .where('token_hash', '=', tokenHash)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row?.user_id;
  }

  finish(tokenHash: string, passwordHash: string, at: string): Promise<ListedUser | undefined> {
    return this.#commits.write(async (transaction) => {
      const reset = await transaction
        .deleteFrom('password_resets')
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', at)
        .returning('user_id')
        .executeTakeFirst();
      if (!reset) return undefined;
      // Also one that began while the reset did.
      await endSessions(transaction, reset.user_id);
      return setPassword(transaction, reset.user_id, passwordHash, at);
    });
  }
}
