/** What accounts need of the database. Instants are RFC 3339 in UTC with milliseconds, so that they sort as text. */
import type { ListedInvitation, ListedUser, Role } from '../../shared/contract/accounts.ts';

export interface NewUser {
  readonly username: string;
  /** Unique: names that differ only in case are the same. */
  readonly foldedName: string;
  readonly passwordHash: string;
  readonly email: string | null;
  readonly role: Role;
  readonly at: string;
}

/** A user, and the hash that the password was checked against or set to. */
export interface KnownUser {
  readonly user: ListedUser;
  readonly passwordHash: string;
}

export interface PasswordChange {
  readonly id: number;
  /** The hash that the present password was checked against. */
  readonly verified: string;
  readonly passwordHash: string;
  readonly at: string;
  /** Its key; all others end. */
  readonly exceptSession: string;
}

export interface UserStore {
  /** There was never a first admin. */
  isEmpty(): Promise<boolean>;
  /** undefined if there already was one: of two at the same moment, one is made. */
  addFirstAdmin(user: Omit<NewUser, 'role'>): Promise<ListedUser | undefined>;
  /** With the hash of the password, for checking it. */
  findByName(foldedName: string): Promise<KnownUser | undefined>;
  passwordHashOf(id: number): Promise<string | undefined>;
  /** Oldest first. */
  list(): Promise<ListedUser[]>;
  /** Both refuse, in the same transaction, to leave no admin. */
  changeRole(id: number, role: Role, at: string): Promise<ListedUser | 'missing' | 'last-admin'>;
  remove(id: number): Promise<'removed' | 'missing' | 'last-admin'>;
  /** Ends all sessions of the user but one in the same transaction, and what resets were open. False, and nothing done, where the password is no longer the verified one. */
  changePassword(change: PasswordChange): Promise<boolean>;
}

export interface InvitationStore {
  add(invitation: { tokenHash: string; role: Role; createdBy: number; at: string; expiresAt: string }): Promise<ListedInvitation>;
  /** Those that can still be used, newest first. */
  open(now: string): Promise<ListedInvitation[]>;
  remove(id: number): Promise<boolean>;
  find(tokenHash: string): Promise<{ readonly role: Role; readonly expiresAt: string; readonly isUsed: boolean } | undefined>;
  /** Uses the invitation up and makes the account, both or neither. */
  accept(tokenHash: string, user: Omit<NewUser, 'role'>): Promise<ListedUser | 'used' | 'name-taken'>;
}

export interface PasswordResetStore {
  /** Ends the old password and all sessions of the user; false if there is no such user. */
  begin(reset: { userId: number; tokenHash: string; at: string; expiresAt: string }): Promise<boolean>;
  /** The user that it is for, while it can be used. */
  find(tokenHash: string, now: string): Promise<number | undefined>;
  /** Uses it up; undefined if it cannot be used any more. */
  finish(tokenHash: string, passwordHash: string, at: string): Promise<ListedUser | undefined>;
}

export interface StoredSession {
  /** Hash of the id in the cookie. */
  readonly key: string;
  readonly user: ListedUser;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface NewSession {
  readonly key: string;
  readonly userId: number;
  /** The hash that the password was checked against. */
  readonly verified: string;
  readonly at: string;
  readonly expiresAt: string;
  readonly browser: string | null;
  /** Names the session secret, without being it. */
  readonly signedUnder: string;
}

export interface OwnSession extends Pick<StoredSession, 'key' | 'createdAt' | 'expiresAt'> {
  readonly browser: string | null;
}

export interface SessionStore {
  /** False, and nothing done, where the password is no longer the verified one or the user is gone. */
  add(session: NewSession): Promise<boolean>;
  find(key: string): Promise<StoredSession | undefined>;
  extend(key: string, expiresAt: string): Promise<void>;
  /** Those of a user that have not expired and were signed under this secret, or under one that is not known; newest first. */
  ofUser(userId: number, signedUnder: string, now: string): Promise<OwnSession[]>;
  end(key: string): Promise<void>;
  /** Ends all of a user but one. */
  endOthers(userId: number, exceptKey: string): Promise<void>;
  /** Which of these are still there and not expired. */
  alive(keys: readonly string[], now: string): Promise<string[]>;
}

export interface LoginAttempt {
  readonly address: string;
  /** Hash of the name that was typed. */
  readonly account: string;
  readonly at: string;
}

export interface AttemptCounts {
  /** Attempts in the window, oldest first, without this one. */
  readonly ofBoth: readonly string[];
  readonly ofAddress: readonly string[];
  readonly ofAccount: number;
}

export interface LoginAttemptStore {
  /** Counts the attempts since `since` and adds this one if `isAllowed`, in one transaction. */
  begin(attempt: LoginAttempt, since: string, isAllowed: (counts: AttemptCounts) => boolean): Promise<AttemptCounts>;
  /** Forgets the attempts of this account from this address. */
  forgive(attempt: Pick<LoginAttempt, 'address' | 'account'>): Promise<void>;
}

export interface SweepTimes {
  readonly now: string;
  readonly attemptsBefore: string;
  /** Later than their expiry: who follows an expired invitation is told so. */
  readonly invitationsBefore: string;
}

export interface ExpiryStore {
  /** Deletes sessions, invitations, resets and login attempts that can have no effect any more. */
  sweep(times: SweepTimes): Promise<void>;
}

export interface AccountStores {
  readonly users: UserStore;
  readonly invitations: InvitationStore;
  readonly passwordResets: PasswordResetStore;
  readonly sessions: SessionStore;
  readonly loginAttempts: LoginAttemptStore;
  readonly expiry: ExpiryStore;
}
