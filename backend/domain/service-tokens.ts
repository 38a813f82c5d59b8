/**
 * The service tokens that are accepted and those that were retired, and the judgement over a presented one.
 * Values are kept as keyed hashes only: how long it takes to find one says nothing about what was sent, however many there
 * are, and ledgers can name a value without holding it.
 */
import { hash, randomBytes } from 'node:crypto';

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

const missing: Verdict = { accepted: false, refusal: { reason: 'missing' } };
const unknown: Verdict = { accepted: false, refusal: { reason: 'unknown' } };

export class ServiceTokens {
  readonly #key = randomBytes(32).toString('base64');
  readonly #listeners: (() => void)[] = [];
  #accepted: readonly Name[] = [];
  #retired: readonly Name[] = [];
  #verdicts: ReadonlyMap<string, Verdict> = new Map();

  /** Sets what is accepted and what is retired from now on. No value may be in both. */
  replace(accepted: readonly AcceptedToken[], retired: readonly RetiredToken[]): void {
    const verdicts = new Map<string, Verdict>();
    const know = (value: string, generation: string | undefined, verdictOn: (id: string) => Verdict): Name => {
      const id = this.#idOf(value);
      verdicts.set(id, verdictOn(id));
      return { id, generation };
    };
    this.#accepted = accepted.map(({ value, generation }) => know(value, generation, (id) => ({ accepted: true, id })));
    this.#retired = retired.map(({ value, generation, retiredAt }) =>
      know(value, generation, () => ({ accepted: false, refusal: { reason: 'retired', generation, retiredAt } })),
    );
    this.#verdicts = verdicts;
    for (const listener of this.#listeners) listener();
  }

  /** The listener is called after every `replace`. */
  onReplaced(listener: () => void): void {
    this.#listeners.push(listener);
  }

  judge(token: string | undefined): Verdict {
    if (!token) return missing;
    return this.#verdicts.get(this.#idOf(token)) ?? unknown;
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

  #idOf(value: string): string {
    // Never leaves the process, so a plain hash behind a secret prefix will do; it is several times faster than an HMAC.
    return hash('sha256', this.#key + value, 'base64');
  }
}
