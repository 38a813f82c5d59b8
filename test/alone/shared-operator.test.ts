/** One operator for the whole cluster, and releases that rely on it. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { Release } from '../../testbed/demo/release.ts';
import { measureRotation } from '../../testbed/demo/rotation.ts';
import { liveRelease, nothingLost, onceEach } from '../e2e/live-release.ts';

const operators = new Release('e2e-scope-cluster', testBedTools());
beforeAll(() => operators.install(['--set=operator.scope=cluster']));
afterAll(() => operators.remove());

const key = `${randomBytes(32).toString('base64url')}=`;
const values = ['--set=operator.scope=shared', '--set=bootstrap.generator=operator', `--set=security.encryptionKey=${key}`];
const live = liveRelease('e2e-scope-shared', values);
/** Its Secret was made by an operator of its own. */
const former = new Release('e2e-scope-former', testBedTools());
afterAll(() => former.remove());

interface Secret {
  readonly metadata: { readonly uid: string };
  readonly data: Readonly<Record<string, string>>;
}

test('it generates the values of a release that renders none, rotates them and rejects nothing', async () => {
  const { data } = await live.release.get<Secret>('secret', 'kure-monitor-bootstrap');
  expect(Object.keys(data).toSorted()).toEqual(['service-token', 'session-secret']);
  const { tally, restarts } = await measureRotation(live.client, live.release, ['service-token'], { onStatus: () => {} });
  expect(tally).toMatchObject(nothingLost);
  expect(restarts).toEqual(onceEach);
});

test('an upgrade leaves the values alone', async () => {
  const before = await live.release.get<Secret>('secret', 'kure-monitor-bootstrap');
  await live.release.upgrade(values);
  const { metadata, data } = await live.release.get<Secret>('secret', 'kure-monitor-bootstrap');
  expect(metadata.uid).toBe(before.metadata.uid);
  expect(data['service-token'] === before.data['service-token']).toBe(true);
});

test('it takes over a release whose own operator goes, as NOTES say', async () => {
  const own = ['--set=bootstrap.generator=operator', `--set=security.encryptionKey=${key}`];
  await former.install(own);
  const before = await former.get<Secret>('secret', 'kure-monitor-bootstrap');
  const notes = await former.helm(['upgrade', former.name, 'chart', '--wait', '--timeout=3m', '--set=operator.scope=shared', ...own]);
  const [, command = ''] = /kubectl (annotate secret .*bootstrap.kure.io.operator-)/.exec(notes) ?? [];
  await former.kubectl(command.split(' '));
  await former.kubectl(['delete', 'configmap', 'kure-monitor-rotation']);
  const pod = await former.kubectl(['get', 'pod', '--selector=app.kubernetes.io/component=agent', '--output=name']);
  await former.kubectl(['patch', 'secret', 'kure-monitor-bootstrap', '--patch', JSON.stringify({ stringData: { 'service-token': randomBytes(24).toString('hex') } })]);
  await vi.waitFor(async () => {
    const status = await former.get<{ data: { phase: string } }>('configmap', 'kure-monitor-rotation');
    expect(status.data.phase).toBe('Stable');
    expect(await former.kubectl(['get', 'pod', '--selector=app.kubernetes.io/component=agent', '--output=name'])).not.toBe(pod);
  }, { timeout: 120_000, interval: 500 });
  expect((await former.get<Secret>('secret', 'kure-monitor-bootstrap')).metadata.uid).toBe(before.metadata.uid);
});
