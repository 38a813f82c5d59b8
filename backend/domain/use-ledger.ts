/**
 * Who used which service token, and who presented one that was refused: the facts behind the attestation.
 * Uses are booked under the value's id, so that a use from before the keyring had a name is found under the name later.
 */
import type { Clock } from '../../shared/clock.ts';
import type { Refusal as RefusalLine, Use } from '../../shared/contract/attestation.ts';
import { instant } from './instant.ts';
import { Tally } from './tally.ts';
import type { Name, Refusal } from './service-tokens.ts';

interface Source {
  readonly id: string;
  readonly address: string;
}

/** Nothing but a bound on memory: some 200 bytes each. */
const maxSources = 10_000;

export class UseLedger {
  readonly #clock: Clock;
  readonly #totals = new Tally<{ readonly id: string }>(1_000);
  readonly #sources = new Tally<Source>(maxSources);
  readonly #refusals = new Tally<{ readonly refusal: Refusal; readonly address: string }>(maxSources);
  /** Open connections: each is a use that has not ended. */
  readonly #open = new Set<Source>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  used(id: string, address: string): void {
    this.#book({ id, address }, 1);
  }

  /** A connection was opened with this token and counts as in use until the returned function is called. */
  opened(id: string, address: string): () => void {
    const source = { id, address };
    this.#open.add(source);
    return () => {
      this.#open.delete(source);
      this.#book(source, 0);
    };
  }

  refused(refusal: Refusal, address: string): void {
    const generation = refusal.reason === 'retired' ? refusal.generation : '';
    this.#refusals.add(`${refusal.reason} ${generation} ${address}`, { refusal, address }, this.#clock.now());
  }

  /** Forgets the uses of values that are neither accepted nor retired any more. */
  keepOnly(known: readonly Name[]): void {
    const ids = new Set(known.map(({ id }) => id));
    this.#totals.keepOnly(({ id }) => ids.has(id));
    this.#sources.keepOnly(({ id }) => ids.has(id));
  }

  /** The uses of the known values; one that has no name yet counts under null. */
  uses(names: readonly Name[]): Use[] {
    for (const source of this.#open) this.#book(source, 0);
    const generations = new Map(names.map(({ id, generation }) => [id, generation]));
    const sources = Map.groupBy(this.#sources.entries(), ({ subject }) => subject.id);
    return this.#totals.entries().flatMap(({ subject: { id }, count, lastAt }) => {
      const generation = generations.get(id);
      if (!generations.has(id)) return [];
      const lines = (sources.get(id) ?? []).map((source) => ({
        address: source.subject.address,
        count: source.count,
        lastUsedAt: instant(source.lastAt),
      }));
      return [{ generation: generation ?? null, count, lastUsedAt: instant(lastAt), sources: lines }];
    });
  }

  refusals(): RefusalLine[] {
    return this.#refusals.entries().map(({ subject: { refusal, address }, count, lastAt }) => ({
      reason: refusal.reason,
      ...(refusal.reason === 'retired' && { generation: refusal.generation }),
      address,
      count,
      lastRefusedAt: instant(lastAt),
    }));
  }

  #book(source: Source, times: 0 | 1): void {
    const now = this.#clock.now();
    this.#totals.add(source.id, source, now, times);
    this.#sources.add(`${source.id} ${source.address}`, source, now, times);
  }
}
