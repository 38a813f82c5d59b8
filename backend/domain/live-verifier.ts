/**
 * Keeps the accepted service tokens true to what is read from the bootstrap Secret and the keyring Secret.
 * Reads come from two sides, the watch and direct reads, so one may arrive after a newer one: versions decide.
 */
import {
  acceptedValues,
  blankVerifierState,
  sawBootstrap,
  sawKeyring,
  type VerifierState,
} from '../../shared/credential/accepted-set.ts';
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';
import type { ServiceTokens } from './service-tokens.ts';

export class LiveVerifier {
  readonly #tokens: ServiceTokens;
  #state: VerifierState = blankVerifierState;
  #keyringVersion = '';

  constructor(tokens: ServiceTokens) {
    this.#tokens = tokens;
  }

  get acceptsAny(): boolean {
    return this.#tokens.accepted.length > 0;
  }

  /** The bootstrap Secret was read; `value` is undefined if it has no service token. */
  sawBootstrap(value: string | undefined, resourceVersion: string): void {
    this.#enter(sawBootstrap(this.#state, value, resourceVersion));
  }

  /** The keyring Secret was read; `record` is undefined if it records no service token. */
  sawKeyring(record: KeyRecord | undefined, resourceVersion: string): void {
    if (compareResourceVersions(resourceVersion, this.#keyringVersion) < 0) return;
    this.#keyringVersion = resourceVersion;
    this.#enter(sawKeyring(this.#state, record));
  }

  #enter(state: VerifierState): void {
    this.#state = state;
    const retired = state.record?.retired ?? [];
    this.#tokens.replace(
      acceptedValues(state),
      retired.map(({ value, name, retiredAt }) => ({ value, generation: name, retiredAt })),
    );
  }
}
