/** Accounts of people. That one admin is left is decided here, where two requests cannot pass each other. */
import type { Selectable, Transaction } from 'kysely';
import type { ListedUser, Role } from '../../../shared/contract/accounts.ts';
import type { NewUser, PasswordChange, UserStore } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';

export class SqlUsers implements UserStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async isEmpty(): Promise<boolean> {
    return (await this.#database.selectFrom('first_admin').select('id').executeTakeFirst()) === undefined;
  }

  addFirstAdmin(user: Omit<NewUser, 'role'>): Promise<ListedUser | undefined> {
    return this.#commits.write(async (transaction) => {
      const won = await transaction
        .insertInto('first_admin')
        .values({ id: 1, created_at: user.at })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst();
      return won && addUser(transaction, { ...user, role: 'admin' });
    });
  }

  async findByName(foldedName: string) {
    const row = await this.#database
      .selectFrom('users')
      .selectAll()
      .where('username_folded', '=', foldedName)
      .executeTakeFirst();
    return row && { user: listedUser(row), passwordHash: row.password_hash };
  }

  async passwordHashOf(id: number): Promise<string | undefined> {
    const row = await this.#database.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirst();
    return row?.password_hash;
  }

  async list(): Promise<ListedUser[]> {
    const rows = await this.#database.selectFrom('users').selectAll().orderBy('id').execute();
    return rows.map(listedUser);
  }

  changeRole(id: number, role: Role, at: string): Promise<ListedUser | 'missing' | 'last-admin'> {
    return this.#commits.write(async (transaction) => {
      if (role !== 'admin' && (await isLastAdmin(transaction, id))) return 'last-admin';
      const row = await transaction
        .updateTable('users')
        .set({ role, updated_at: at })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (row && role !== 'admin') await withdrawInvitations(transaction, id);
      return row ? listedUser(row) : 'missing';
    });
  }

  remove(id: number): Promise<'removed' | 'missing' | 'last-admin'> {
    return this.#commits.write(async (transaction) => {
      if (await isLastAdmin(transaction, id)) return 'last-admin';
      await withdrawInvitations(transaction, id);
      const { numDeletedRows } = await transaction.deleteFrom('users').where('id', '=', id).executeTakeFirstOrThrow();
      return numDeletedRows > 0n ? 'removed' : 'missing';
    });
  }

  changePassword({ id, verified, passwordHash, at, exceptSession }: PasswordChange): Promise<boolean> {
    return this.#commits.write(async (transaction) => {
      if (!(await setPassword(transaction, id, passwordHash, at, verified))) return false;
      await endSessions(transaction, id, exceptSession);
      return true;
    });
  }
}

/** All of a user, or all but one. */
export async function endSessions(transaction: Transaction<Schema>, userId: number, exceptKey = ''): Promise<void> {
  await transaction.deleteFrom('sessions').where('user_id', '=', userId).where('key', '!=', exceptKey).execute();
}

/** The open ones: to whom is no admin any more, one for an admin would be a way back. */
async function withdrawInvitations(transaction: Transaction<Schema>, createdBy: number): Promise<void> {
  await transaction.deleteFrom('invitations').where('created_by', '=', createdBy).where('used_at', 'is', null).execute();
}

/** undefined if the name is taken. */
export async function addUser(transaction: Transaction<Schema>, user: NewUser): Promise<ListedUser | undefined> {
  const row = await transaction
    .insertInto('users')
    .values({
      username: user.username,
      username_folded: user.foldedName,
      password_hash: user.passwordHash,
      email: user.email,
      role: user.role,
      created_at: user.at,
      updated_at: user.at,
    })
    .onConflict((conflict) => conflict.column('username_folded').doNothing())
    .returningAll()
    .executeTakeFirst();
  return row && listedUser(row);
}

/** Also ends what resets are open. undefined, and nothing done, for nobody, or where `present` is no longer the hash. */
export async function setPassword(transaction: Transaction<Schema>, id: number, hash: string, at: string, present?: string) {
  const change = { password_hash: hash, updated_at: at };
  const ofUser = transaction.updateTable('users').set(change).where('id', '=', id);
  const update = present === undefined ? ofUser : ofUser.where('password_hash', '=', present);
  const row = await update.returningAll().executeTakeFirst();
  if (!row) return undefined;
  await transaction.deleteFrom('password_resets').where('user_id', '=', id).execute();
  return listedUser(row);
}

export function listedUser(row: Omit<Selectable<Schema['users']>, 'username_folded' | 'password_hash'>): ListedUser {
  const { id, username, email, role, created_at, updated_at } = row;
  return { id, username, email, role, created_at, updated_at };
}

/** Takes the lock first: whoever counts admins waits for whoever is changing one. */
async function isLastAdmin(transaction: Transaction<Schema>, id: number): Promise<boolean> {
  await transaction.updateTable('first_admin').set((row) => ({ changes: row('changes', '+', 1) })).execute();
  const admins = await transaction.selectFrom('users').select('id').where('role', '=', 'admin').limit(2).execute();
  return admins.length === 1 && admins[0]?.id === id;
}
