/** Invitations: stored as hashes, each used once. */
import type { ListedInvitation, ListedUser } from '../../../shared/contract/accounts.ts';
import type { InvitationStore, NewUser } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import { addUser } from './users.ts';

const listed = ['id', 'role', 'expires_at', 'created_at', 'created_by'] as const;

/** Takes the whole transaction back. */
class NameTaken extends Error {}

export class SqlInvitations implements InvitationStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  add(invitation: Parameters<InvitationStore['add']>[0]): Promise<ListedInvitation> {
    const { tokenHash, role, createdBy, at, expiresAt } = invitation;
    return this.#commits.write((transaction) =>
      transaction
        .insertInto('invitations')
        .values({ token_hash: tokenHash, role, created_by: createdBy, created_at: at, expires_at: expiresAt })
        .returning(listed)
        .executeTakeFirstOrThrow(),
    );
  }

  open(now: string): Promise<ListedInvitation[]> {
    return this.#database
      .selectFrom('invitations')
      .select(listed)
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .orderBy('id', 'desc')
      .execute();
  }

  async remove(id: number): Promise<boolean> {
    const { numDeletedRows } = await this.#commits.write((transaction) =>
      transaction.deleteFrom('invitations').where('id', '=', id).executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }

  async find(tokenHash: string) {
    const row = await this.#database
      .selectFrom('invitations')
      .select(['role', 'expires_at', 'used_at'])
      .where('token_hash', '=', tokenHash)
      .executeTakeFirst();
    return row && { role: row.role, expiresAt: row.expires_at, isUsed: row.used_at !== null };
  }

  async accept(tokenHash: string, user: Omit<NewUser, 'role'>): Promise<ListedUser | 'used' | 'name-taken'> {
    try {
      return await this.#commits.write(async (transaction) => {
        const invitation = await transaction
          .updateTable('invitations')
          .set({ used_at: user.at })
          .where('token_hash', '=', tokenHash)
          .where('used_at', 'is', null)
          .where('expires_at', '>', user.at)
          .returning('role')
          .executeTakeFirst();
        if (!invitation) return 'used';
        const added = await addUser(transaction, { ...user, role: invitation.role });
        if (!added) throw new NameTaken();
        return added;
      });
    } catch (error) {
      if (error instanceof NameTaken) return 'name-taken';
      throw error;
    }
  }
}
