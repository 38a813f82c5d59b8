/** What admins do with accounts. The store sees to it that one admin is left. */
import type { Clock } from '../../shared/clock.ts';
import type { ListedInvitation, ListedUser, Role } from '../../shared/contract/accounts.ts';
import type { AccountStores } from '../store/account-store.ts';
import { Declined } from './declined.ts';
import { newToken, tokenHash } from './one-time-token.ts';
import type { Sessions } from './sessions.ts';
import { instant } from './instant.ts';

const hour = 60 * 60 * 1_000;
const resetMs = 24 * hour;

export interface UserAdminOptions {
  readonly stores: Pick<AccountStores, 'users' | 'invitations' | 'passwordResets'>;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** `actor` is the id of the admin who asks. All methods throw Declined. */
export class UserAdmin {
  readonly #options: UserAdminOptions;

  constructor(options: UserAdminOptions) {
    this.#options = options;
  }

  list(): Promise<ListedUser[]> {
    return this.#options.stores.users.list();
  }

  async changeRole(actor: number, id: number, role: Role): Promise<ListedUser> {
    const { stores, clock } = this.#options;
    if (actor === id) throw new Declined('invalid', 'Cannot change your own role');
    const user = await stores.users.changeRole(id, role, instant(clock.now()));
    if (user === 'missing') throw userMissing();
    if (user === 'last-admin') throw new Declined('invalid', 'Cannot demote the last admin');
    return user;
  }

  async remove(actor: number, id: number): Promise<void> {
    const { stores, sessions } = this.#options;
    if (actor === id) throw new Declined('invalid', 'Cannot delete yourself');
    const outcome = await stores.users.remove(id);
    if (outcome === 'missing') throw userMissing();
    if (outcome === 'last-admin') throw new Declined('invalid', 'Cannot delete the last admin');
    sessions.ended();
  }

  /** The token is in the answer and nowhere else. */
  async invite(actor: number, role: Role, hours: number): Promise<ListedInvitation & { token: string }> {
    const { stores, clock } = this.#options;
    const token = newToken();
    const now = clock.now();
    const order = { tokenHash: tokenHash(token), role, createdBy: actor };
    const expiresAt = instant(now + hours * hour);
    return { ...(await stores.invitations.add({ ...order, at: instant(now), expiresAt })), token };
  }

  openInvitations(): Promise<ListedInvitation[]> {
    return this.#options.stores.invitations.open(instant(this.#options.clock.now()));
  }

  async revokeInvitation(id: number): Promise<void> {
    if (!(await this.#options.stores.invitations.remove(id))) throw new Declined('missing', 'Invitation not found');
  }

  /** Ends the password and all sessions at once; the token, in the answer and nowhere else, sets a new one. */
  async resetPassword(actor: number, id: number): Promise<{ token: string; expires_at: string }> {
    const { stores, sessions, clock } = this.#options;
    if (actor === id) throw new Declined('invalid', 'Change your own password instead of resetting it');
    const token = newToken();
    const now = clock.now();
    const expires_at = instant(now + resetMs);
    const reset = { userId: id, tokenHash: tokenHash(token), at: instant(now), expiresAt: expires_at };
    if (!(await stores.passwordResets.begin(reset))) throw userMissing();
    sessions.ended();
    return { token, expires_at };
  }
}

const userMissing = () => new Declined('missing', 'User not found');
