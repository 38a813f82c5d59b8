/** Lets a presented service token in or not, and books what was decided. */
import { whyInvalid } from '../../shared/credential/validation.ts';
import type { SecondLook } from './second-look.ts';
import type { ServiceTokens, Verdict } from './service-tokens.ts';
import type { UseLedger } from './use-ledger.ts';

export interface ServiceGateOptions {
  readonly tokens: ServiceTokens;
  readonly ledger: UseLedger;
  /** Only where there is something to read again. */
  readonly secondLook?: SecondLook | undefined;
}

export class ServiceGate {
  readonly #options: ServiceGateOptions;

  constructor(options: ServiceGateOptions) {
    this.#options = options;
  }

  /** `address` is that of the connection, never one that the client claims. */
  async admit(token: string | undefined, address: string): Promise<Verdict> {
    const { ledger } = this.#options;
    const verdict = await this.probe(token);
    if (verdict.accepted) ledger.used(verdict.id, address);
    else ledger.refused(verdict.refusal, address);
    return verdict;
  }

  /** The same judgement, not booked: an onlooker's question is not a use. */
  async probe(token: string | undefined): Promise<Verdict> {
    const { tokens, secondLook } = this.#options;
    const verdict = tokens.judge(token);
    const isUnknown = !verdict.accepted && verdict.refusal.reason === 'unknown';
    // What no Secret could hold is not worth a call to the API server.
    if (!isUnknown || !secondLook || whyInvalid(token ?? '') !== undefined) return verdict;
    await secondLook.take();
    return tokens.judge(token);
  }
}
