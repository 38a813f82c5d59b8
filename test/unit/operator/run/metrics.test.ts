import { expect, it } from 'vitest';
import type { Outcome } from '../../../../operator/act/execute.ts';
import type { Notice, WriteSource } from '../../../../operator/model/action.ts';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import { Metrics } from '../../../../operator/run/metrics.ts';
import * as given from '../../../fixtures/given.ts';
import { release } from '../given-release.ts';

const own = 'namespace="monitoring",release="kure"';

function counting() {
  let now = given.now;
  const metrics = new Metrics({ clock: { now: () => now, sleep: () => Promise.resolve() }, stats: () => [], isLeader: () => true });
  const read = async (name: string, labels = '') => {
    const text = await metrics.registry.metrics();
    const line = text.split('\n').find((line) => line.startsWith(`kure_bootstrap_${name}${labels === '' ? ' ' : `{${labels}}`}`));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };
  return { metrics, of: metrics.of(release), read, pass: (ms: number) => void (now += ms) };
}

const noticed = (reason: Notice['reason']): Outcome => ({
  action: { kind: 'WriteKeyring', resourceVersion: '1', keyring: { keys: {}, history: [] }, notices: [{ type: 'Normal', reason, message: '' }] },
});

it('counts the time in each phase up to the moment it is read', async () => {
  const { of, read, pass } = counting();
  of.observe(given.snapshot(), { phase: 'Proving', failures: [] }, []);
  pass(3_000);
  of.observe(given.snapshot(), { phase: 'Stable', failures: [] }, []);
  pass(2_000);
  expect(await read('phase_seconds_total', `${own},phase="Proving"`)).toBe(3);
  expect(await read('phase_seconds_total', `${own},phase="Stable"`)).toBe(2);
  expect([await read('phase', `${own},phase="Proving"`), await read('phase', `${own},phase="Stable"`)]).toEqual([0, 1]);
});

it('tells how old the target is, and for how long an overlap has been open', async () => {
  const { of, read, pass } = counting();
  const accepted = [given.generation('old'), given.generation('new', { recordedAt: given.at(-1_000) })];
  of.observe(given.snapshot({ keys: { 'service-token': given.record([], { accepted }) } }), { phase: 'Proving', failures: [] }, []);
  pass(4_000);
  const key = `${own},key="service-token"`;
  expect([await read('generation_age_seconds', key), await read('overlap_open_seconds', key)]).toEqual([5, 5]);
  of.observe(given.snapshot({ keys: { 'service-token': given.record(['new']) } }), { phase: 'Stable', failures: [] }, []);
  expect(await read('overlap_open_seconds', key)).toBe(0);
});

it('counts what was done, by what it was, and what failed apart', async () => {
  const { of, read } = counting();
  const stamp = { kind: 'Stamp', workload: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent', resourceVersion: '1' }, stamps: {}, notices: [] } as const;
  const evict = { kind: 'Evict', pod: { name: 'a', uid: 'b' }, notices: [] } as const;
  const putBack: WriteSource = {
    kind: 'WriteSource',
    source: 'bootstrap',
    resourceVersion: '1',
    values: { 'service-token': 'x' },
    consumed: [],
    dropsMark: false,
    identity: undefined,
    notices: [{ type: 'Warning', reason: 'PutBack', message: '' }],
  };
  const done = [
    { action: stamp },
    { action: evict },
    { action: putBack },
    noticed('RotationCompleted'),
    noticed('Aborted'),
    noticed('Revoked'),
    { action: stamp, error: new Error('away') },
  ];
  of.observe(given.snapshot(), { phase: 'Stable', failures: [] }, done);
  expect(await read('restarts_total', `${own},workload="DaemonSet/agent"`)).toBe(1);
  expect(await read('repairs_total', own)).toBe(1);
  expect(await read('put_backs_total', `${own},cause="PutBack"`)).toBe(1);
  expect(await read('action_failures_total', `${own},action="Stamp"`)).toBe(1);
  for (const outcome of ['completed', 'aborted', 'revoked']) expect(await read('rotations_total', `${own},outcome="${outcome}"`)).toBe(1);
});

it('forgets a release that is gone, and no other', async () => {
  const { metrics, of, read } = counting();
  const other = metrics.of({ ...release, name: 'other' });
  for (const each of [of, other]) each.observe(given.snapshot(), { phase: 'Stable', failures: [] }, []);
  expect(await read('releases')).toBe(2);
  await of.forget();
  expect(await read('releases')).toBe(1);
  const text = await metrics.registry.metrics();
  expect([text.includes('release="kure"'), text.includes('release="other"')]).toEqual([false, true]);
});

it('shows no state of a release that nothing uses any more, and shows it again when it is back', async () => {
  const { of, read } = counting();
  const observe = (change: Partial<Snapshot> = {}) =>
    of.observe(given.snapshot({ keys: { 'service-token': given.rotating }, ...change }), { phase: 'Verifying', failures: [] }, []);
  const shown = async () => [
    await read('phase', `${own},phase="Verifying"`),
    await read('overlap_open_seconds', `${own},key="service-token"`),
    await read('generation_age_seconds', `${own},key="service-token"`),
  ];
  observe();
  expect(await shown()).toEqual([1, 60, 60]);
  observe({ workloads: [], pods: [] });
  expect(await shown()).toEqual([undefined, undefined, undefined]);
  observe();
  expect(await shown()).toEqual([1, 60, 60]);
});
