/** The verifier's own answer about the service token: what it accepts, who used it, whom it refused. */
import type { Clock } from '../../shared/clock.ts';
import type { Attestation } from '../../shared/contract/attestation.ts';
import type { ServiceTokens } from './service-tokens.ts';
import { instant, type UseLedger } from './use-ledger.ts';

export interface AttestOptions {
  readonly tokens: ServiceTokens;
  readonly ledger: UseLedger;
  /** A new name at every process start: a restart begins a new quiet period. */
  readonly instance: string;
  readonly clock: Clock;
}

/** Returns the function that attests; the process counts as started now. */
export function createAttest({ tokens, ledger, instance, clock }: AttestOptions): () => Attestation {
  const startedAt = instant(clock.now());
  return () => {
    const named = tokens.accepted.flatMap(({ generation }) => generation ?? []);
    return {
      instance,
      startedAt,
      now: instant(clock.now()),
      accepted: named,
      unnamed: tokens.accepted.length - named.length,
      uses: ledger.uses([...tokens.accepted, ...tokens.retired]),
      refused: ledger.refusals(),
    };
  };
}
