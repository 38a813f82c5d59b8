/**
 * Sessions: a random id in a signed cookie, and a row that decides.
 *
 *     cookie  <id>.<HMAC-SHA256 of the id under the session secret>          row  hash of the id, user, expiry, browser
 *
 * A new session secret ends them all at once, on every replica; without the row there is none.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import type { ListedSession, ListedUser } from '../../shared/contract/accounts.ts';
import type { KnownUser, SessionStore } from '../store/account-store.ts';
import { Declined } from './declined.ts';
import type { Origin } from './live-feed.ts';
import { newToken, tokenHash } from './one-time-token.ts';
import type { SessionSecret } from './session-secret.ts';
import { instant } from './instant.ts';

const day = 24 * 60 * 60 * 1_000;
/** Without any request. */
export const idleMs = 7 * day;
/** However busy. */
const lifetimeMs = 30 * day;
/** So that not every request writes. */
const extensionMs = 60 * 60 * 1_000;
/** Of what a browser says of itself, in characters. */
const maxBrowser = 256;

export interface Session {
  readonly key: string;
  readonly user: ListedUser;
  /** Its expiry has just been moved: the cookie's has to follow. */
  readonly wasExtended: boolean;
}

export interface SessionsOptions {
  readonly store: SessionStore;
  readonly secret: SessionSecret;
  readonly clock: Clock;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #listeners: ((origin: Origin) => void)[] = [];

  constructor(options: SessionsOptions) {
    this.#options = options;
    options.secret.onChanged(() => this.ended());
  }

  /**
   * `userAgent` is the header, as whoever logs in has sent it. Returns the cookie's value. Throws Declined, as for a wrong
   * password, where it was reset or changed since, or the account deleted.
   */
  async begin({ user, passwordHash }: KnownUser, userAgent = ''): Promise<string> {
    const { store, clock } = this.#options;
    const id = newToken();
    const now = clock.now();
    const isAdded = await store.add({
      key: tokenHash(id),
      userId: user.id,
      verified: passwordHash,
      at: instant(now),
      expiresAt: instant(now + idleMs),
      browser: printable(userAgent),
      signedUnder: this.#secretName(),
    });
    if (!isAdded) throw wrongLogin();
    return `${id}.${this.#signature(id).toString('base64url')}`;
  }

  async find(cookie: string | undefined): Promise<Session | undefined> {
    const { store, clock } = this.#options;
    const key = this.keyOf(cookie);
    const stored = key === undefined ? undefined : await store.find(key);
    const now = clock.now();
    if (!stored || stored.expiresAt <= instant(now)) return undefined;
    const expiresAt = Math.min(now + idleMs, Date.parse(stored.createdAt) + lifetimeMs);
    const wasExtended = expiresAt - Date.parse(stored.expiresAt) > extensionMs;
    if (wasExtended) await store.extend(stored.key, instant(expiresAt));
    return { key: stored.key, user: stored.user, wasExtended };
  }

  /** The key of the session that a cookie names, if we have signed it; there may be no such session any more. */
  keyOf(cookie: string | undefined): string | undefined {
    const [id = '', signature = '', ...rest] = (cookie ?? '').split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#signature(id);
    const isOurs = rest.length === 0 && given.length === expected.length && timingSafeEqual(given, expected);
    return isOurs ? tokenHash(id) : undefined;
  }

  /** Those of the person whose session it is, newest first. */
  async ofPerson({ key, user }: Session): Promise<ListedSession[]> {
    const sessions = await this.#own(user.id);
    return sessions.map((own) => ({
      id: publicId(own.key),
      created_at: own.createdAt,
      expires_at: own.expiresAt,
      browser: own.browser,
      is_current: own.key === key,
    }));
  }

  /** Ends one of the same person, by its public id. Throws Declined if they have none of this id. */
  async endOwn({ user }: Session, id: string): Promise<void> {
    const found = (await this.#own(user.id)).find(({ key }) => publicId(key) === id);
    if (!found) throw new Declined('missing', 'Session not found');
    await this.#options.store.end(found.key);
    this.ended();
  }

  /** Ends all of the same person but this one. */
  async endOthers({ key, user }: Session): Promise<void> {
    await this.#options.store.endOthers(user.id, key);
    this.ended();
  }

  async end(cookie: string | undefined): Promise<void> {
    const key = this.keyOf(cookie);
    if (key === undefined) return;
    await this.#options.store.end(key);
    this.ended();
  }

  /** Which of these sessions still are. */
  alive(keys: readonly string[]): Promise<string[]> {
    return this.#options.store.alive(keys, instant(this.#options.clock.now()));
  }

  /** To be called after sessions were ended in the store. */
  ended(): void {
    for (const listener of this.#listeners) listener('here');
  }

  /** Another replica has ended some. */
  endedElsewhere(): void {
    for (const listener of this.#listeners) listener('elsewhere');
  }

  /** The listener is called when sessions may have ended. */
  onEnded(listener: (origin: Origin) => void): void {
    this.#listeners.push(listener);
  }

  #own(userId: number) {
    const { store, clock } = this.#options;
    return store.ofUser(userId, this.#secretName(), instant(clock.now()));
  }

  /** Tells sessions of this session secret from those of older ones, which open nothing any more. */
  #secretName(): string {
    return tokenHash(this.#signature('session-secret').toString('base64url'));
  }

  #signature(id: string): Buffer {
    return createHmac('sha256', this.#options.secret.value).update(id).digest();
  }
}

/** The same for a wrong name and a wrong password. */
export const wrongLogin = () => new Declined('unauthenticated', 'Invalid username or password');

/** Names a session without opening it: a hash of the row's key, which is itself the hash of a random id. */
const publicId = (key: string): string => tokenHash(`public id of ${key}`).slice(0, 22);

/** ASCII that can be seen, and no more of it than fits; null if nothing is left. */
const printable = (text: string): string | null => text.replaceAll(/[^ -~]/g, '').trim().slice(0, maxBrowser) || null;
