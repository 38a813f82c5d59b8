/** What the loop of one release looks at, and what it remembers between two looks. */
import type { Clock } from '../../shared/clock.ts';
import { sourceNames, type Keyring } from '../../shared/credential/keyring.ts';
import type { Outcome } from '../act/execute.ts';
import type { Plan } from '../model/plan.ts';
import type { Release } from '../model/release.ts';
import { Unasked, type Snapshot, type Stamped } from '../model/snapshot.ts';
import { gather, type Remembering, type Wanted } from '../observe/gather.ts';

/** Milliseconds: while nothing rotates the verifiers are asked this often, for pods that use something retired. */
const askEveryMs = 60_000;

/** `known`: what the watches have told, and nobody is asked; `asked`: also what the verifiers answer; `fresh`: all of it read anew. */
export type Look = 'known' | 'asked' | 'fresh';

export class Observer {
  readonly #cluster: Remembering;
  readonly #release: Release;
  readonly #clock: Clock;
  /** So that a keyring which is deleted can be written anew. */
  #lastKeyring: Keyring | undefined;
  #pausedUntil: number | undefined;
  #stamped: readonly Stamped[] = [];
  #missingSince: NonNullable<Snapshot['missingSince']> = {};
  #askedAt = -Infinity;
  /** What the verifiers said last left something to do: they are asked until it is done. */
  #hasFound = false;

  constructor(cluster: Remembering, release: Release, clock: Clock) {
    this.#cluster = cluster;
    this.#release = release;
    this.#clock = clock;
  }

  async look(look: Look): Promise<Snapshot> {
    const wanted = { fresh: look === 'fresh', ask: this.#whenToAsk(look), lastKeyring: this.#lastKeyring };
    const snapshot = await gather(this.#cluster, this.#release, wanted);
    this.#lastKeyring = snapshot.keyring?.keyring ?? this.#lastKeyring;
    if (snapshot.sources.bootstrap?.requests.pause) this.#pausedUntil = this.#clock.now();
    this.#missingSince = this.#whatIsMissing(snapshot);
    return { ...snapshot, missingSince: this.#missingSince, pausedUntil: this.#pausedUntil, stamped: this.#stamped };
  }

  #whatIsMissing({ sources }: Snapshot): NonNullable<Snapshot['missingSince']> {
    const missing = sourceNames.filter((name) => !sources[name]);
    return Object.fromEntries(missing.map((name) => [name, this.#missingSince[name] ?? this.#clock.now()]));
  }

  decided({ answers }: Snapshot, { phase }: Plan): void {
    if (!(answers instanceof Unasked)) this.#hasFound = phase !== 'Stable';
    if (phase === 'Stable') this.#stamped = [];
  }

  /** What was written is known at once, also if somebody deletes it before the watch shows it. */
  acted(outcomes: readonly Outcome[]): void {
    const at = this.#clock.now();
    const done = outcomes.filter(({ error }) => error === undefined).map(({ action }) => action);
    for (const action of done) if (action.kind === 'WriteKeyring') this.#lastKeyring = action.keyring;
    const stamped = done.flatMap((action) => (action.kind === 'Stamp' ? { uid: action.workload.uid, stamps: action.stamps, at } : []));
    this.#stamped = [...this.#stamped, ...stamped];
  }

  #whenToAsk(look: Look): Wanted['ask'] {
    if (look === 'known') return 'never';
    const now = this.#clock.now();
    if (!this.#hasFound && now - this.#askedAt < askEveryMs) return 'whileRotating';
    this.#askedAt = now;
    return 'always';
  }
}
