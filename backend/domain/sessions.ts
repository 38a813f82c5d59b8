/**
 * Sessions: a random id in a signed cookie, and a row that decides.
 *
 *     cookie  <id>.<HMAC-SHA256 of the id under the session secret>          row  hash of the id, user, expiry
 *
 * A new session secret ends them all at once, on every replica; without the row there is none.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../shared/clock.ts';
import type { ListedUser } from '../../shared/contract/accounts.ts';
import type { SessionStore } from '../store/account-store.ts';
import type { Origin } from './live-feed.ts';
import { newToken, tokenHash } from './one-time-token.ts';
import type { SessionSecret } from './session-secret.ts';
import { instant } from './use-ledger.ts';

const day = 24 * 60 * 60 * 1_000;
/** Without any request. */
export const idleMs = 7 * day;
/** However busy. */
const lifetimeMs = 30 * day;
/** So that not every request writes. */
const extensionMs = 60 * 60 * 1_000;

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

  /** Returns the cookie's value. */
  async begin(userId: number): Promise<string> {
    const { store, clock } = this.#options;
    const id = newToken();
    const now = clock.now();
    await store.add({ key: tokenHash(id), userId, at: instant(now), expiresAt: instant(now + idleMs) });
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

  #signature(id: string): Buffer {
    return createHmac('sha256', this.#options.secret.value).update(id).digest();
  }
}
