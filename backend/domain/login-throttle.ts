/**
 * Keeps guessers out without locking anybody out. An attempt counts from its beginning, so that many at the same moment
 * gain nothing; success takes back those of the same account from the same address.
 *
 *     one account from one address     5 in 30 seconds, then 429
 *     one address, any account        50 in 30 seconds, then 429
 *     one account, any address        slower from the 11th on, up to 3 seconds
 */
import { isIPv6 } from 'node:net';
import type { Clock } from '../../shared/clock.ts';
import type { AttemptCounts, LoginAttempt, LoginAttemptStore } from '../store/account-store.ts';
import { Declined } from './declined.ts';
import { tokenHash } from './one-time-token.ts';
import { instant } from './instant.ts';

export const windowMs = 30_000;
const maxOfBoth = 5;
const maxOfAddress = 50;
const unslowedOfAccount = 10;
const slowerMs = 150;
const slowestMs = 3_000;

export interface LoginThrottleOptions {
  readonly store: LoginAttemptStore;
  readonly clock: Clock;
}

export class LoginThrottle {
  readonly #options: LoginThrottleOptions;

  constructor(options: LoginThrottleOptions) {
    this.#options = options;
  }

  /** Throws Declined if there were too many. Returns the function that takes the attempts back. */
  async begin(foldedName: string, address: string): Promise<() => Promise<void>> {
    const { store, clock } = this.#options;
    const now = clock.now();
    const attempt: LoginAttempt = { address: network(address), account: tokenHash(foldedName), at: instant(now) };
    const counts = await store.begin(attempt, instant(now - windowMs), (found) => freeAt(found) === undefined);
    const waitUntil = freeAt(counts);
    if (waitUntil !== undefined) {
      const retryAfterMs = Math.max(1_000, waitUntil - now);
      const seconds = Math.ceil(retryAfterMs / 1_000);
      throw new Declined('throttled', `Too many login attempts. Please try again in ${seconds} seconds.`, retryAfterMs);
    }
    const slowedMs = Math.min((counts.ofAccount - unslowedOfAccount) * slowerMs, slowestMs);
    if (slowedMs > 0) await clock.sleep(slowedMs);
    return () => store.forgive(attempt);
  }
}

/** When the next attempt is allowed; undefined: now. */
function freeAt({ ofBoth, ofAddress }: AttemptCounts): number | undefined {
  const blocking = [ofBoth.at(-maxOfBoth), ofAddress.at(-maxOfAddress)].filter((at) => at !== undefined);
  return blocking.length === 0 ? undefined : Math.max(...blocking.map((at) => Date.parse(at) + windowMs));
}

/** One customer has a whole IPv6 network of 64 bits to try from. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}
