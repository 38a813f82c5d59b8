/**
 * Random histories of the bootstrap Secret and the keyring, read by a verifier that may be late.
 *
 *     edit    a person writes a value, perhaps one that was there before
 *     record  the operator records what the Secret holds as the new target
 *     commit  the operator commits the target and retires all others
 *     drop    the same, but the others are forgotten: nobody ever held them, or more than ten came after them
 *     read    the verifier reads one of the Secrets, or starts anew and reads both
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveVerifier } from '../../backend/domain/live-verifier.ts';
import { ServiceTokens } from '../../backend/domain/service-tokens.ts';
import {
  acceptedValues,
  blankVerifierState,
  maxSightings,
  sawBootstrap,
  sawKeyring,
  type VerifierState,
} from '../../shared/credential/accepted-set.ts';
import { maxRetired, type Generation, type KeyRecord } from '../../shared/credential/keyring.ts';

type Step =
  | { readonly do: 'edit'; readonly value: number; readonly isSeen: boolean }
  | { readonly do: 'record' | 'commit' | 'drop' | 'read bootstrap' | 'read keyring' | 'restart' };

const values = Array.from({ length: 24 }, (_, index) => `value-${index}-`.padEnd(40, 'abcdefghijk'));

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('edit' as const),
      // Mostly a few values that come back.
      value: fc.oneof({ arbitrary: fc.nat(2), weight: 4 }, { arbitrary: fc.nat(values.length - 1), weight: 1 }),
      isSeen: fc.boolean(),
    }),
    fc.record({ do: fc.constantFrom('record', 'commit', 'drop', 'read bootstrap', 'read keyring', 'restart') }),
  ),
  { minLength: 1, maxLength: 100 },
);

/** The two Secrets. The operator's part is the shortest that keeps the rules: it puts back what was retired. */
class Cluster {
  #version = 1;
  bootstrap = { value: values[0]!, version: '1' };
  record: KeyRecord | undefined;

  edit(value: string): void {
    this.bootstrap = { value, version: this.#next() };
  }

  recordTarget(): void {
    const { value, version } = this.bootstrap;
    const target = this.record?.accepted.find(({ name }) => name === this.record?.target);
    if (target?.value === value) return;
    if (this.record?.retired.some((retired) => retired.value === value)) return this.edit(target!.value);
    const generation: Generation = {
      name: `gen-${version}`,
      value,
      recordedFrom: version,
      recordedAt: '',
      origin: this.record ? 'edited' : 'adopted',
    };
    this.record = {
      accepted: [...(this.record?.accepted ?? []), generation],
      retired: this.record?.retired ?? [],
      target: generation.name,
      committed: this.record?.committed ?? generation.name,
      committedFrom: this.record?.committedFrom ?? version,
    };
    this.#next();
  }

  commit({ retiring }: { retiring: boolean }): void {
    if (!this.record) return;
    const target = this.record.accepted.find(({ name }) => name === this.record!.target)!;
    const gone = this.record.accepted.filter(({ value }) => value !== target.value);
    const retired = (retiring ? gone : []).map(({ name, value }) => ({ name, value, retiredAt: '' }));
    this.record = {
      accepted: [target],
      retired: [...this.record.retired, ...retired].slice(-maxRetired),
      target: target.name,
      committed: target.name,
      committedFrom: target.recordedFrom,
    };
    this.#next();
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

interface Rules {
  readonly sawBootstrap: typeof sawBootstrap;
  readonly sawKeyring: typeof sawKeyring;
}

/** Plays a history; throws where a verifier that has read everything breaks a promise. */
function play(history: readonly Step[], rules: Rules, check: Check): void {
  const cluster = new Cluster();
  const readBoth = (state: VerifierState): VerifierState =>
    rules.sawKeyring(rules.sawBootstrap(state, cluster.bootstrap.value, cluster.bootstrap.version), cluster.record);
  let state = readBoth(blankVerifierState);
  /** What this verifier saw in the Secret, by the write. */
  let seen = [cluster.bootstrap];
  const readBootstrap = () => {
    state = rules.sawBootstrap(state, cluster.bootstrap.value, cluster.bootstrap.version);
    seen.push(cluster.bootstrap);
  };
  for (const step of history) {
    switch (step.do) {
      case 'edit':
        cluster.edit(values[step.value]!);
        if (step.isSeen) readBootstrap();
        break;
      case 'record':
        cluster.recordTarget();
        break;
      case 'commit':
        cluster.commit({ retiring: true });
        break;
      case 'drop':
        cluster.commit({ retiring: false });
        break;
      case 'read bootstrap':
        readBootstrap();
        break;
      case 'read keyring':
        state = rules.sawKeyring(state, cluster.record);
        break;
      case 'restart':
        state = readBoth(blankVerifierState);
        seen = [cluster.bootstrap];
        break;
    }
    check(state, seen);
  }
  state = readBoth(state);
  seen.push(cluster.bootstrap);
  check(state, seen);
}

/** `seen`: every read of the Secret since the verifier started, oldest first. */
type Check = (state: VerifierState, seen: readonly { readonly value: string; readonly version: string }[]) => void;

const acceptsNoneThatIsRetired: Check = (state) => {
  const accepted = acceptedValues(state).map(({ value }) => value);
  for (const { value } of state.record?.retired ?? []) expect(accepted).not.toContain(value);
};

const acceptsCommittedAndNewer: Check = (state, seen) => {
  const { record } = state;
  const retired = record?.retired.map(({ value }) => value) ?? [];
  const current = record?.accepted.filter(({ name }) => name === record.target || name === record.committed) ?? [];
  const due = [...newerThanCommitted(state, seen), ...current.map(({ value }) => value), seen.at(-1)!.value];
  const accepted = acceptedValues(state).map(({ value }) => value);
  expect(accepted).toEqual(expect.arrayContaining(due.filter((value) => !retired.includes(value))));
};

const forgetsInTheEnd: Check = (state, seen) => {
  const recorded = state.record?.accepted.map(({ value }) => value) ?? [];
  const allowed = [...newerThanCommitted(state, seen), ...recorded, seen.at(-1)!.value];
  expect(allowed).toEqual(expect.arrayContaining(acceptedValues(state).map(({ value }) => value)));
  expect(state.sightings.length).toBeLessThanOrEqual(maxSightings);
};

function newerThanCommitted({ record }: VerifierState, seen: Parameters<Check>[1]): string[] {
  const lastSeen = new Map(seen.map(({ value, version }) => [value, Number(version)]));
  return [...lastSeen].filter(([, version]) => version > Number(record?.committedFrom ?? 0)).map(([value]) => value);
}

const isCommitted = (value: string, { accepted, committed }: KeyRecord) =>
  accepted.some((known) => known.name === committed && known.value === value);
const isRecorded = (value: string, { accepted }: KeyRecord) => accepted.some((known) => known.value === value);

/** Why versions decide and not values: the first value is back, newer than what is then committed. */
const aValueComesBack: Step[] = [
  { do: 'record' },
  { do: 'edit', value: 1, isSeen: true },
  { do: 'record' },
  { do: 'read keyring' },
  { do: 'edit', value: 0, isSeen: true },
  { do: 'edit', value: 2, isSeen: true },
  { do: 'drop' },
  { do: 'read keyring' },
];

const runs = { numRuns: 3_000 };
const histories = { ...runs, examples: [[aValueComesBack]] as [Step[]][] };

describe('the accepted set', () => {
  it.each([
    ['never accepts a retired value', acceptsNoneThatIsRetired],
    ['never refuses a committed or newer value', acceptsCommittedAndNewer],
    ['forgets what is older than the committed value', forgetsInTheEnd],
  ])('%s', (_, check) => {
    const property = fc.property(steps, (history) => play(history, { sawBootstrap, sawKeyring }, check));
    expect(() => fc.assert(property, histories)).not.toThrow();
  });

  it.each([
    ['too early if sightings were forgotten when their value is committed', isCommitted, acceptsCommittedAndNewer],
    ['too late if sightings were forgotten when their value is committed', isCommitted, forgetsInTheEnd],
    ['too early if sightings were forgotten when their value is recorded', isRecorded, acceptsCommittedAndNewer],
    ['too late if sightings were forgotten when their value is recorded', isRecorded, forgetsInTheEnd],
    ['too early if sightings were forgotten at once', () => true, acceptsCommittedAndNewer],
    ['too late if sightings were never forgotten', () => false, forgetsInTheEnd],
  ])('would forget %s', (_, isForgotten, check) => {
    const forget = (state: VerifierState): VerifierState => {
      const { record, sightings } = state;
      if (!record) return state;
      return { record, sightings: sightings.filter(({ value }, index) => index === sightings.length - 1 || !isForgotten(value, record)) };
    };
    const rules: Rules = {
      sawBootstrap: (state, value, version) => forget({ ...state, sightings: [...state.sightings, { value: value!, seenAt: version }] }),
      sawKeyring: (state, record) => forget({ ...state, record: record ?? state.record }),
    };
    expect(fc.check(fc.property(steps, (history) => play(history, rules, check)), histories).failed).toBe(true);
  });
});

it('a verifier whose reads arrive late and out of order ends with the same set as one that read in order', () => {
  const writes = fc.array(fc.nat(values.length - 1), { minLength: 1, maxLength: 12 });
  const shuffled = writes.chain((written) =>
    fc.tuple(fc.constant(written), fc.shuffledSubarray(written.map((_, index) => index), { minLength: written.length })),
  );
  fc.assert(
    fc.property(shuffled, fc.nat(12), ([written, order], committedFrom) => {
      const committed = written[Math.min(committedFrom, written.length - 1)]!;
      const generation: Generation = { name: 'gen', value: values[committed]!, recordedFrom: String(committedFrom), recordedAt: '', origin: 'edited' };
      const record: KeyRecord = { accepted: [generation], retired: [], target: 'gen', committed: 'gen', committedFrom: String(committedFrom) };
      const verifierAfter = (indices: readonly number[]) => {
        const tokens = new ServiceTokens();
        const verifier = new LiveVerifier(tokens);
        for (const index of indices) verifier.sawBootstrap(values[written[index]!], String(index));
        verifier.sawKeyring(record, '100');
        return values.map((value) => tokens.judge(value).accepted);
      };
      expect(verifierAfter(order)).toEqual(verifierAfter(written.map((_, index) => index)));
    }),
    runs,
  );
});
