/**
 * The service tokens that are accepted and those that were retired, and the judgement over a presented one.
 * Values are kept as keyed hashes only: comparing takes the same time whatever was sent, and ledgers can name a value
 * without holding it.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface AcceptedToken {
  readonly value: string;
  /** undefined while the keyring has no name for it. */
  readonly generation: string | undefined;
}

export interface RetiredToken {
  readonly value: string;
  readonly generation: string;
  /** RFC 3339. */
  readonly retiredAt: string;
}

export type Refusal =
  | { readonly reason: 'missing' }
  | { readonly reason: 'unknown' }
  | { readonly reason: 'retired'; readonly generation: string; readonly retiredAt: string };

/** `id` names the value inside this process; it cannot be turned back into the value. */
export type Verdict =
  | { readonly accepted: true; readonly id: string }
  | { readonly accepted: false; readonly refusal: Refusal };

export interface Name {
  readonly id: string;
  readonly generation: string | undefined;
}

interface Known extends Name {
  readonly digest: Buffer;
  readonly verdict: Verdict;
}

const missing: Verdict = { accepted: false, refusal: { reason: 'missing' } };
const unknown: Verdict = { accepted: false, refusal: { reason: 'unknown' } };

export class ServiceTokens {
  readonly #key = randomBytes(32).toString('base64');
  readonly #listeners: (() => void)[] = [];
  #accepted: readonly Known[] = [];
  #retired: readonly Known[] = [];

  /** Sets what is accepted and what is retired from now on. No value may be in both. */
  replace(accepted: readonly AcceptedToken[], retired: readonly RetiredToken[]): void {
    this.#accepted = accepted.map(({ value, generation }) =>
      this.#know(value, generation, (id) => ({ accepted: true, id })),
    );
    this.#retired = retired.map(({ value, generation, retiredAt }) =>
      this.#know(value, generation, () => ({ accepted: false, refusal: { reason: 'retired', generation, retiredAt } })),
    );
    for (const listener of this.#listeners) listener();
  }

  /** The listener is called after every `replace`. */
  onReplaced(listener: () => void): void {
    this.#listeners.push(listener);
  }

  judge(token: string | undefined): Verdict {
    if (!token) return missing;
    const digest = this.#digest(token);
    let verdict = unknown;
    // Every known value is compared, found or not: the time must not tell which one it was.
    for (const known of this.#accepted) if (timingSafeEqual(known.digest, digest)) verdict = known.verdict;
    for (const known of this.#retired) if (timingSafeEqual(known.digest, digest)) verdict = known.verdict;
    return verdict;
  }

  /** Oldest first. */
  get accepted(): readonly Name[] {
    return this.#accepted;
  }

  get retired(): readonly Name[] {
    return this.#retired;
  }

  accepts(id: string): boolean {
    return this.#accepted.some((known) => known.id === id);
  }

  #know(value: string, generation: string | undefined, verdict: (id: string) => Verdict): Known {
    const digest = this.#digest(value);
    const id = digest.toString('base64');
    return { id, generation, digest, verdict: verdict(id) };
  }

  #digest(value: string): Buffer {
    // Never leaves the process, so a plain hash behind a secret prefix will do; it is several times faster than an HMAC.
    return hash('sha256', this.#key + value, 'buffer');
  }
}
