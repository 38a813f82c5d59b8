import { expect, it } from 'vitest';
import { debounceLeftMs } from '../../../../operator/decide/debounce.ts';
import { defaultSettings } from '../../../../operator/model/plan.ts';
import type { Stamps } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

const edited = (prefix: string, ages: readonly number[] = []) =>
  given.record([], {
    accepted: [
      given.generation(`${prefix}-0`),
      ...ages.map((age, index) => given.generation(`${prefix}-${index + 1}`, { recordedAt: given.at(-age) })),
    ],
  });

/** Edits, by their age in milliseconds, oldest first. */
function left(edits: { readonly token?: readonly number[]; readonly session?: readonly number[] }, stamps: Stamps = {}): number {
  const keys = { 'service-token': edited('token', edits.token), 'session-secret': edited('session', edits.session) };
  const snapshot = given.snapshot({ keys, workloads: [given.backend({ stamps }), given.agent()] });
  return debounceLeftMs(snapshot, given.now, defaultSettings);
}

it.each([
  ['nothing to wait for without an edit', {}, 0],
  ['two seconds right after an edit', { token: [0] }, 2_000],
  ['what is left of the two seconds', { token: [1_400] }, 600],
  ['nothing two seconds after the edit', { token: [2_000] }, 0],
  ['two seconds after the last of several edits', { token: [5_000, 3_000, 500] }, 1_500],
  ['no more than thirty seconds after the first edit', { token: [29_000, 10_000, 0] }, 1_000],
  ['nothing thirty seconds after the first edit, however fresh the last one', { token: [30_000, 0] }, 0],
  ['both keys together: the younger edit of the other key', { token: [3_000], session: [500] }, 1_500],
  ['nothing for an edit of a clock that was two hours ahead', { token: [-7_200_000] }, 0],
  ['both keys together: the older edit of the other key', { token: [29_500], session: [0] }, 500],
])('is %s', (_name, edits, expected) => {
  expect(left(edits)).toBe(expected);
});

it('no longer waits for an edit that a workload already carries', () => {
  expect(left({ token: [100] }, { 'service-token': 'token-1' })).toBe(0);
});

it('counts from the first edit that no workload carries', () => {
  expect(left({ token: [29_900, 100] }, { 'service-token': 'token-1' })).toBe(1_900);
});

it('has nothing to wait for without a keyring', () => {
  expect(debounceLeftMs({ ...given.snapshot(), keyring: undefined }, given.now, defaultSettings)).toBe(0);
});
