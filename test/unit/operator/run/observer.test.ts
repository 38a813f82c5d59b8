import { expect, it } from 'vitest';
import type { View } from '../../../../operator/observe/cluster-view.ts';
import { Observer } from '../../../../operator/run/observer.ts';
import type { Plan } from '../../../../operator/model/plan.ts';
import { serializeKeyring } from '../../../../shared/credential/keyring.ts';
import { encodeEntry } from '../../../../shared/kube/objects.ts';
import * as given from '../../../fixtures/given.ts';
import { attests, givenVerifier, verifier } from '../observe/given-verifier.ts';
import { release } from '../observe/given-release.ts';

const settled = serializeKeyring({ keys: { 'service-token': given.record(['only']) }, history: [] });
const keyring = { metadata: { name: 'k', uid: 'u', resourceVersion: '20' }, data: { 'keyring.json': encodeEntry(settled) } };
const planned = (phase: Plan['phase']): Plan => ({ actions: [], phase, keys: {}, waitingFor: [], lookAgainMs: 0 });

/** An observer of a settled release at a time that the test sets; `asks` counts how often its verifier was asked. */
async function observing() {
  const { port, presented } = await givenVerifier(attests);
  const view: { -readonly [part in keyof View]: View[part] } = { secrets: { keyring }, workloads: [], pods: [verifier('a', port)] };
  const time = { now: 0 };
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  const observer = new Observer({ remembered: () => view, readAnew: () => Promise.resolve(view) }, release, clock);
  return { observer, view, time, asks: () => presented.length };
}

it('asks the verifiers of a settled release once a minute', async () => {
  const { observer, time, asks } = await observing();
  for (time.now = 0; time.now < 120_000; time.now += 20_000) observer.decided(await observer.look('asked'), planned('Stable'));
  expect(asks()).toBe(2);
});

it('asks on, at every look, until what they told of is done', async () => {
  const { observer, time, asks } = await observing();
  for (const phase of ['Proving', 'Proving', 'Stable', 'Stable'] as const) {
    time.now += 500;
    observer.decided(await observer.look('asked'), planned(phase));
  }
  expect(asks()).toBe(3);
});

it('is not kept from it by a look at which nobody was asked', async () => {
  const { observer, asks } = await observing();
  observer.decided(await observer.look('asked'), planned('Proving'));
  observer.decided(await observer.look('known'), planned('Stable'));
  observer.decided(await observer.look('asked'), planned('Stable'));
  expect(asks()).toBe(2);
});

it('remembers until when it has seen the release paused', async () => {
  const { observer, view, time } = await observing();
  const pausedUntil = async (at: number, annotations: Record<string, string>) => {
    time.now = at;
    view.secrets = { keyring, bootstrap: { metadata: { name: 'b', uid: 'b', resourceVersion: '10', annotations } } };
    return (await observer.look('known')).pausedUntil;
  };
  expect(await pausedUntil(1_000, {})).toBeUndefined();
  expect(await pausedUntil(2_000, { 'bootstrap.kure.io/pause': 'true' })).toBe(2_000);
  expect(await pausedUntil(3_000, { 'bootstrap.kure.io/pause': 'true' })).toBe(3_000);
  expect(await pausedUntil(9_000, {})).toBe(3_000);
});

it('remembers what was stamped until the release is stable', async () => {
  const { observer, time } = await observing();
  const stamp = { kind: 'Stamp', workload: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent', resourceVersion: '30' }, stamps: { 'service-token': 'new' }, notices: [] } as const;
  const stamped = async () => (await observer.look('known')).stamped;
  time.now = 1_000;
  observer.acted([{ action: stamp }, { action: stamp, error: new Error('conflict') }]);
  time.now = 2_000;
  observer.acted([{ action: stamp }]);
  observer.decided(await observer.look('known'), planned('Verifying'));
  expect(await stamped()).toEqual([1_000, 2_000].map((at) => ({ uid: 'uid-agent', stamps: stamp.stamps, at })));
  observer.decided(await observer.look('known'), planned('Stable'));
  expect(await stamped()).toEqual([]);
});

it('remembers since when a Secret has been missing', async () => {
  const { observer, view, time } = await observing();
  const missingSince = async (at: number, isThere: boolean) => {
    time.now = at;
    view.secrets = { keyring, ...(isThere && { bootstrap: { metadata: { name: 'b', uid: 'b', resourceVersion: '10' } } }) };
    return (await observer.look('known')).missingSince?.bootstrap;
  };
  expect(await missingSince(1_000, true)).toBeUndefined();
  expect(await missingSince(2_000, false)).toBe(2_000);
  expect(await missingSince(3_000, false)).toBe(2_000);
  expect(await missingSince(4_000, true)).toBeUndefined();
  expect(await missingSince(5_000, false)).toBe(5_000);
});
