import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { generations } from '../../testbed/demo/restarts.ts';
import { liveRelease } from './live-release.ts';

const values = ['--set', 'operator.extraWorkloads={deployment/traffic}'];
const live = liveRelease('e2e-steady', values);

async function digestOfSecret(): Promise<string> {
  const { data } = await live.release.get<{ data: unknown }>('secret', 'kure-monitor-bootstrap');
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}

/** Waits until the operator has looked at the cluster once more, from its start. */
async function operatorHasLooked(): Promise<void> {
  await live.release.kubectl(['rollout', 'status', 'deployment/kure-monitor-operator', '--timeout=1m']);
  const wait = ['wait', 'configmap/kure-monitor-rotation', '--timeout=1m'];
  await live.release.kubectl([...wait, '--for=create']);
  await live.release.kubectl([...wait, '--for=jsonpath={.data.phase}=Stable']);
}

test('ten upgrades change no byte of the Secret and restart nothing', async () => {
  const before = { secret: await digestOfSecret(), generations: await generations(live.release) };
  for (let upgrade = 0; upgrade < 10; upgrade += 1) await live.release.upgrade(values);
  await operatorHasLooked();
  expect(await digestOfSecret()).toBe(before.secret);
  expect(await generations(live.release)).toEqual(before.generations);
});

test('an operator that starts again restarts nothing', async () => {
  const before = { secret: await digestOfSecret(), generations: await generations(live.release) };
  await live.release.kubectl(['delete', 'configmap', 'kure-monitor-rotation']);
  await live.release.kubectl(['delete', 'pod', '--selector=app.kubernetes.io/component=operator', '--wait']);
  await operatorHasLooked();
  expect(await digestOfSecret()).toBe(before.secret);
  expect(await generations(live.release)).toEqual(before.generations);
});

test('a touched annotation of the Secret restarts nothing', async () => {
  const before = { secret: await digestOfSecret(), generations: await generations(live.release) };
  await live.release.kubectl(['annotate', 'secret', 'kure-monitor-bootstrap', `touched=${Date.now()}`]);
  const { metadata } = await live.release.get<{ metadata: { resourceVersion: string } }>('secret', 'kure-monitor-bootstrap');
  const seen = `--for=jsonpath={.data.bootstrapResourceVersion}=${metadata.resourceVersion}`;
  await live.release.kubectl(['wait', 'configmap/kure-monitor-rotation', seen, '--timeout=1m']);
  expect(await digestOfSecret()).toBe(before.secret);
  expect(await generations(live.release)).toEqual(before.generations);
});

test('a deleted Secret comes back as it was, restarts nothing, and Helm goes on with it', async () => {
  const before = { secret: await digestOfSecret(), generations: await generations(live.release) };
  await live.release.kubectl(['delete', 'secret', 'kure-monitor-bootstrap']);
  await live.release.kubectl(['wait', 'secret/kure-monitor-bootstrap', '--for=create', '--timeout=1m']);
  expect(await digestOfSecret()).toBe(before.secret);
  await live.release.upgrade(values);
  expect(await digestOfSecret()).toBe(before.secret);
  expect(await generations(live.release)).toEqual(before.generations);
});
