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
  | { readonly do: 'edit'; readonly value: number }
  | { readonly do: 'record' | 'commit' | 'drop' | 'read bootstrap' | 'read keyring' | 'restart' };

const values = Array.from({ length: 6 }, (_, index) => `value-${index}-`.padEnd(40, 'abcdefghijk'));

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('edit' as const), value: fc.nat(values.length - 1) }),
    fc.record({ do: fc.constantFrom('record', 'commit', 'drop', 'read bootstrap', 'read keyring', 'restart') }),
  ) as fc.Arbitrary<Step>,
  { minLength: 1, maxLength: 60 },
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
function play(history: readonly Step[], rules: Rules): void {
  const cluster = new Cluster();
  const readBoth = (state: VerifierState): VerifierState =>
    rules.sawKeyring(rules.sawBootstrap(state, cluster.bootstrap.value, cluster.bootstrap.version), cluster.record);
  let state = readBoth(blankVerifierState);
  /** What this verifier saw in the Secret, by the write. */
  let seen = [cluster.bootstrap];
  for (const step of history) {
    switch (step.do) {
      case 'edit':
        cluster.edit(values[step.value]!);
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
        state = rules.sawBootstrap(state, cluster.bootstrap.value, cluster.bootstrap.version);
        seen.push(cluster.bootstrap);
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

function check(state: VerifierState, seen: readonly { readonly value: string; readonly version: string }[]): void {
  const accepted = new Set(acceptedValues(state).map(({ value }) => value));
  const { record } = state;
  const retired = new Set(record?.retired.map(({ value }) => value));
  for (const value of retired) expect(accepted, 'a retired value is never accepted').not.toContain(value);
  expect(state.sightings.length).toBeLessThanOrEqual(maxSightings);
  const committedFrom = Number(record?.committedFrom ?? 0);
  const newer = seen.filter(({ version }) => Number(version) > committedFrom).map(({ value }) => value);
  const target = record?.accepted.filter(({ name }) => name === record.target || name === record.committed) ?? [];
  for (const value of [...newer, ...target.map(({ value }) => value), seen.at(-1)!.value]) {
    if (!retired.has(value)) expect(accepted, 'a committed or newer value is never refused').toContain(value);
  }
  const mayBeAccepted = [...newer, ...(record?.accepted.map(({ value }) => value) ?? []), seen.at(-1)!.value];
  expect(mayBeAccepted, 'a value from before the committed one is not accepted for ever').toEqual(
    expect.arrayContaining([...accepted]),
  );
}

const valueOf = (record: KeyRecord, name: string) => record.accepted.find((known) => known.name === name)?.value;

const runs = { numRuns: 3_000 };

describe('the accepted set', () => {
  it('never refuses a committed or newer value, never accepts a retired one, remembers at most 16', () => {
    const property = fc.property(steps, (history) => play(history, { sawBootstrap, sawKeyring }));
    expect(() => fc.assert(property, runs)).not.toThrow();
  });

  it.each([
    ['when their value is committed', (value: string, record: KeyRecord) => value === valueOf(record, record.committed)],
    ['when the keyring has their value', (value: string, record: KeyRecord) => record.accepted.some((known) => known.value === value)],
    ['never', () => false],
    ['at once', () => true],
  ])('would not hold if sightings were forgotten %s', (_, isForgotten) => {
    const forget = (state: VerifierState): VerifierState => {
      const { record, sightings } = state;
      if (!record) return state;
      return { record, sightings: sightings.filter(({ value }, index) => index === sightings.length - 1 || !isForgotten(value, record)) };
    };
    const rules: Rules = {
      sawBootstrap: (state, value, version) => forget({ ...state, sightings: [...state.sightings, { value: value!, seenAt: version }] }),
      sawKeyring: (state, record) => forget({ ...state, record: record ?? state.record }),
    };
    const { errorInstance } = fc.check(fc.property(steps, (history) => play(history, rules)), runs);
    expect(String(errorInstance)).toMatch(/is never refused|is not accepted for ever/);
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
