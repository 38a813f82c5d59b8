/** How people get in: the first admin, invitations, logging in, passwords. Each returns whose session is to begin. */
import type { Clock } from '../../shared/clock.ts';
import type { NewAccount, Role } from '../../shared/contract/accounts.ts';
import type { AccountStores, KnownUser } from '../store/account-store.ts';
import { accountName, foldName } from './account-name.ts';
import { Declined } from './declined.ts';
import type { LoginThrottle } from './login-throttle.ts';
import { tokenHash } from './one-time-token.ts';
import type { Passwords } from './passwords.ts';
import { wrongLogin, type Session, type Sessions } from './sessions.ts';
import { instant } from './instant.ts';

export interface AccountsOptions {
  readonly stores: Pick<AccountStores, 'users' | 'invitations' | 'passwordResets'>;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly throttle: LoginThrottle;
  readonly clock: Clock;
}

/** All methods throw Declined. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  isSetupRequired(): Promise<boolean> {
    return this.#options.stores.users.isEmpty();
  }

  /** Makes the first admin, once. */
  async signUp(account: NewAccount): Promise<KnownUser> {
    const { users } = this.#options.stores;
    if (!(await users.isEmpty())) throw setupCompleted();
    const newUser = await this.#newUser(account);
    const user = await users.addFirstAdmin(newUser);
    if (!user) throw setupCompleted();
    return { user, passwordHash: newUser.passwordHash };
  }

  /** `address` is where the request comes from; too many attempts from there are refused. */
  async logIn(name: string, password: string, address: string): Promise<KnownUser> {
    const { stores, passwords, throttle } = this.#options;
    const foldedName = foldName(name);
    const forgive = await throttle.begin(foldedName, address);
    const known = await stores.users.findByName(foldedName);
    const isRight = await passwords.verify(password, known?.passwordHash);
    if (!known || !isRight) throw wrongLogin();
    await forgive();
    return known;
  }

  /** The role that an invitation offers, and until when. */
  async invitation(token: string): Promise<{ role: Role; expires_at: string }> {
    const invitation = await this.#options.stores.invitations.find(tokenHash(token));
    if (!invitation) throw new Declined('missing', 'Invitation not found');
    if (invitation.isUsed) throw new Declined('gone', 'Invitation already used');
    if (invitation.expiresAt <= this.#now()) throw new Declined('gone', 'Invitation expired');
    return { role: invitation.role, expires_at: invitation.expiresAt };
  }

  async acceptInvitation(token: string, account: NewAccount): Promise<KnownUser> {
    await this.invitation(token);
    const newUser = await this.#newUser(account);
    const user = await this.#options.stores.invitations.accept(tokenHash(token), newUser);
    if (user === 'used') throw new Declined('gone', 'Invitation already used');
    if (user === 'name-taken') throw new Declined('conflict', 'Username already taken');
    return { user, passwordHash: newUser.passwordHash };
  }

  /** Ends all other sessions. The present password is throttled as a login is. */
  async changePassword(session: Session, present: string, next: string, address: string): Promise<void> {
    const { stores, passwords, sessions, throttle } = this.#options;
    const { id, username } = session.user;
    const forgive = await throttle.begin(foldName(username), address);
    const verified = await stores.users.passwordHashOf(id);
    if (verified === undefined || !(await passwords.verify(present, verified))) throw wrongPassword();
    await forgive();
    // Hashing takes its time: what an admin reset meanwhile stays reset.
    const change = { id, verified, passwordHash: await passwords.hash(next), at: this.#now(), exceptSession: session.key };
    if (!(await stores.users.changePassword(change))) throw wrongPassword();
    sessions.ended();
  }

  async finishPasswordReset(token: string, password: string): Promise<KnownUser> {
    const { stores, passwords, sessions } = this.#options;
    const hashed = tokenHash(token);
    if ((await stores.passwordResets.find(hashed, this.#now())) === undefined) throw linkEnded();
    const passwordHash = await passwords.hash(password);
    const user = await stores.passwordResets.finish(hashed, passwordHash, this.#now());
    if (!user) throw linkEnded();
    sessions.ended();
    return { user, passwordHash };
  }

  async #newUser({ username, password, email }: NewAccount) {
    const name = accountName(username);
    const passwordHash = await this.#options.passwords.hash(password);
    return { ...name, passwordHash, email: email?.trim() || null, at: this.#now() };
  }

  #now(): string {
    return instant(this.#options.clock.now());
  }
}

const wrongPassword = () => new Declined('invalid', 'The current password is wrong');
const linkEnded = () => new Declined('gone', 'This link was used or has expired. Ask an admin for a new one');
const setupCompleted = () => new Declined('conflict', 'Setup already completed');
