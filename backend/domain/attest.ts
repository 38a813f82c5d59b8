/** The verifier's own answer: which service tokens it accepts, who used them, whom it refused, what is encrypted how. */
import type { Clock } from '../../shared/clock.ts';
import type { Attestation, Encryption } from '../../shared/contract/attestation.ts';
import type { ServiceTokens } from './service-tokens.ts';
import { instant } from './instant.ts';
import type { UseLedger } from './use-ledger.ts';

export interface AttestOptions {
  readonly tokens: ServiceTokens;
  readonly ledger: UseLedger;
  /** A new name at every process start: a restart begins a new quiet period. */
  readonly instance: string;
  readonly describeEncryption: () => Promise<Encryption>;
  readonly clock: Clock;
}

/** Returns the function that attests; the process counts as started now. */
export function createAttest(options: AttestOptions): () => Promise<Attestation> {
  const { tokens, ledger, instance, describeEncryption, clock } = options;
  const startedAt = instant(clock.now());
  return async () => {
    const encryption = await describeEncryption();
    const named = tokens.accepted.flatMap(({ generation }) => generation ?? []);
    return {
      instance,
      startedAt,
      now: instant(clock.now()),
      accepted: named,
      unnamed: tokens.accepted.length - named.length,
      uses: ledger.uses([...tokens.accepted, ...tokens.retired]),
      refused: ledger.refusals(),
      encryption,
    };
  };
}
