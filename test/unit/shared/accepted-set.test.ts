import { describe, expect, it } from 'vitest';
import {
  acceptedValues,
  blankVerifierState,
  maxSightings,
  sawBootstrap,
  sawKeyring,
  type VerifierState,
} from '../../../shared/credential/accepted-set.ts';
import type { Generation, KeyRecord, RetiredGeneration } from '../../../shared/credential/keyring.ts';

const at = '2026-11-01T10:00:00.000Z';
const value = (letter: string) => letter.repeat(10) + 'a1b2c3d4e5f6g7h8i9j0klmnopqrstuvwx';
const [a, b, c] = [value('A'), value('B'), value('C')];

const generation = (name: string, value: string, recordedFrom = '1'): Generation => ({
  name,
  value,
  recordedFrom,
  recordedAt: at,
  origin: 'edited',
});

const retired = (name: string, value: string): RetiredGeneration => ({ name, value, retiredAt: at });

function record(accepted: Generation[], change: Partial<KeyRecord> = {}): KeyRecord {
  const newest = accepted.at(-1)!;
  return { accepted, retired: [], target: newest.name, committed: newest.name, committedFrom: newest.recordedFrom, ...change };
}

const accepted = (state: VerifierState) => acceptedValues(state).map(({ value }) => value);

describe('what a live verifier accepts', () => {
  it('is nothing before anything was read', () => {
    expect(acceptedValues(blankVerifierState)).toEqual([]);
  });

  it('is the value of the bootstrap Secret while there is no keyring', () => {
    const state = sawKeyring(sawBootstrap(blankVerifierState, a, '1'), undefined);
    expect(acceptedValues(state)).toEqual([{ value: a, generation: undefined }]);
  });

  it('is the old and the edited value right after an edit, with no operator', () => {
    const adopted = sawKeyring(sawBootstrap(blankVerifierState, a, '1'), record([generation('gen-a', a)]));
    const edited = sawBootstrap(adopted, b, '5');
    expect(acceptedValues(edited)).toEqual([
      { value: a, generation: 'gen-a' },
      { value: b, generation: undefined },
    ]);
  });

  it('is the old and the edited value also for a verifier that starts after the edit', () => {
    const state = sawKeyring(sawBootstrap(blankVerifierState, b, '5'), record([generation('gen-a', a)]));
    expect(new Set(accepted(state))).toEqual(new Set([a, b]));
  });

  it('keeps a value that was seen between two edits until a generation from the same or a later write is committed', () => {
    let state = sawKeyring(sawBootstrap(blankVerifierState, a, '1'), record([generation('gen-a', a)]));
    state = sawBootstrap(sawBootstrap(state, b, '5'), c, '6');
    expect(new Set(accepted(state))).toEqual(new Set([a, b, c]));
    const rollingOut = record([generation('gen-a', a), generation('gen-c', c, '6')], { committed: 'gen-a', committedFrom: '1' });
    expect(new Set(accepted(sawKeyring(state, rollingOut)))).toEqual(new Set([a, b, c]));
    expect(accepted(sawKeyring(state, record([generation('gen-c', c, '6')])))).toEqual([c]);
  });

  it('keeps a value that came back, although an older generation with that value was retired from memory', () => {
    let state = sawKeyring(sawBootstrap(blankVerifierState, a, '1'), record([generation('gen-a', a)]));
    state = sawBootstrap(sawBootstrap(state, b, '5'), a, '9');
    expect(new Set(accepted(sawKeyring(state, record([generation('gen-b', b, '5')]))))).toEqual(new Set([a, b]));
  });

  it('never holds a retired value, whatever puts it back', () => {
    const keyring = record([generation('gen-b', b, '5')], { retired: [retired('gen-a', a)] });
    const state = sawBootstrap(sawKeyring(sawBootstrap(blankVerifierState, b, '5'), keyring), a, '9');
    expect(accepted(state)).toEqual([b]);
  });

  it('holds an invalid value only if the keyring adopted it', () => {
    const state = sawBootstrap(blankVerifierState, 'short', '1');
    expect(accepted(state)).toEqual([]);
    expect(accepted(sawKeyring(state, record([generation('gen-s', 'short')])))).toEqual(['short']);
  });

  it('stays as it was when a Secret or its key is gone', () => {
    const state = sawKeyring(sawBootstrap(blankVerifierState, b, '5'), record([generation('gen-a', a)]));
    expect(sawBootstrap(state, undefined, '9')).toEqual(state);
    expect(accepted(sawKeyring(state, undefined))).toEqual(accepted(state));
  });

  it('remembers the first and the newest sightings only', () => {
    let state = blankVerifierState;
    for (let write = 1; write <= maxSightings + 4; write += 1) state = sawBootstrap(state, `${b}${write}`, String(write));
    expect(accepted(state)).toHaveLength(maxSightings);
    expect(accepted(state).slice(0, 2)).toEqual([`${b}1`, `${b}6`]);
    expect(accepted(state).at(-1)).toBe(`${b}${maxSightings + 4}`);
  });
});
