/** A live verifier: the real accepted set, fed from the Secrets' versions in order, and a book of who used what. */
import {
  acceptedValues,
  blankVerifierState,
  sawBootstrap,
  sawKeyring,
  type VerifierState,
} from '../../../shared/credential/accepted-set.ts';
import type { Attestation } from '../../../shared/contract/attestation.ts';
import type { Keyring } from '../../../shared/credential/keyring.ts';
import type { Values, Version } from './cluster-model.ts';

export class VerifierModel {
  /** A variant of a forgetful verifier: changes the state after each read. */
  readonly forgets: ((state: VerifierState) => VerifierState) | undefined;
  readonly #startedAt: number;
  readonly #bootstrap: readonly Version<Values>[];
  readonly #keyring: readonly Version<Keyring>[];
  readonly #uses = new Map<string, Map<string, number>>();
  readonly #refusals = new Map<string, number>();
  readonly #firstBootstrap: number;
  readonly #firstKeyring: number;
  #readBootstrap: number;
  #readKeyring: number;
  #state: VerifierState = blankVerifierState;

  /** Lists both Secrets from the newest version, the bootstrap Secret first. */
  constructor(
    now: number,
    bootstrap: readonly Version<Values>[],
    keyring: readonly Version<Keyring>[],
    forgets: VerifierModel['forgets'],
  ) {
    this.forgets = forgets;
    this.#startedAt = now;
    this.#bootstrap = bootstrap;
    this.#keyring = keyring;
    this.#firstBootstrap = this.#readBootstrap = bootstrap.length - 1;
    this.#firstKeyring = this.#readKeyring = Math.max(0, keyring.length - 1);
    this.catchUp();
  }

  /** One event of each watch. */
  step(): void {
    const seen = this.#bootstrap[this.#readBootstrap];
    if (seen) {
      this.#readBootstrap += 1;
      this.#become(sawBootstrap(this.#state, seen.content['service-token'], String(seen.resourceVersion)));
    }
    const written = this.#keyring[this.#readKeyring];
    if (written) {
      this.#readKeyring += 1;
      this.#become(sawKeyring(this.#state, written.content.keys['service-token']));
    }
  }

  /** Reads both Secrets to their end, as a verifier does before it refuses an unknown token. */
  catchUp(): void {
    while (this.#readBootstrap < this.#bootstrap.length || this.#readKeyring < this.#keyring.length) this.step();
  }

  accepts(value: string): boolean {
    return acceptedValues(this.#state).some((accepted) => accepted.value === value);
  }

  /** A request: it is booked as a use, or after a second look at the Secrets as a refusal. */
  present(value: string, address: string, now: number): void {
    if (!this.accepts(value)) this.catchUp();
    if (!this.accepts(value)) {
      this.#refusals.set(address, now);
      return;
    }
    const addresses = this.#uses.get(value) ?? new Map<string, number>();
    this.#uses.set(value, addresses.set(address, now));
  }

  /** Whether this verifier could have seen the value since it started: what a limit of the design takes from it. */
  couldKnow(value: string): boolean {
    const seen = this.#bootstrap.slice(this.#firstBootstrap).some(({ content }) => content['service-token'] === value);
    const recorded = this.#keyring
      .slice(this.#firstKeyring)
      .some(({ content }) => content.keys['service-token']?.accepted.some((generation) => generation.value === value));
    return seen || recorded;
  }

  attest(now: number): Attestation {
    const accepted = acceptedValues(this.#state);
    const nameOf = (value: string) =>
      accepted.find((known) => known.value === value)?.generation ??
      this.#state.record?.retired.findLast((known) => known.value === value)?.name;
    const uses = [...this.#uses].map(([value, addresses]) => {
      const generation = nameOf(value) ?? null;
      const sources = [...addresses].map(([address, at]) => ({ address, count: 1, lastUsedAt: new Date(at).toISOString() }));
      return { generation, count: sources.length, lastUsedAt: sources.map((it) => it.lastUsedAt).toSorted().at(-1)!, sources };
    });
    return {
      instance: 'model',
      startedAt: new Date(this.#startedAt).toISOString(),
      now: new Date(now).toISOString(),
      accepted: accepted.flatMap(({ generation }) => generation ?? []),
      unnamed: accepted.filter(({ generation }) => generation === undefined).length,
      uses,
      refused: [...this.#refusals].map(([address, at]) => ({
        reason: 'unknown',
        address,
        count: 1,
        lastRefusedAt: new Date(at).toISOString(),
      })),
    };
  }

  #become(state: VerifierState): void {
    this.#state = this.forgets?.(state) ?? state;
  }
}
