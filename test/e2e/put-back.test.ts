/** What else writes the bootstrap Secret: a rollback, a renderer that cannot see the cluster, a person who changes their mind. */
import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { difference, tally, waitForAccepted } from '../../testbed/demo/counts.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { generations, restartsBetween } from '../../testbed/demo/restarts.ts';
import { measureRotation } from '../../testbed/demo/rotation.ts';
import { liveRelease, nothingLost } from './live-release.ts';

const values = ['--set', 'operator.extraWorkloads={deployment/traffic}'];
const live = liveRelease('e2e-put-back', values);
const secretName = 'kure-monitor-bootstrap';
interface Status {
  readonly data: { readonly phase: string; readonly bootstrapResourceVersion: string; readonly 'status.json': string };
}
interface Secret {
  readonly metadata: { readonly resourceVersion: string; readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: object }[] };
  readonly data: Readonly<Record<string, string>>;
}

const rotate = (keys: readonly string[]) => measureRotation(live.client, live.release, keys, { onStatus: () => {} });
const secret = () => live.release.get<Secret>('secret', secretName, '--show-managed-fields');
const digest = ({ data }: Secret): string => createHash('sha256').update(JSON.stringify(data)).digest('hex');

/** What the operator says of the Secret as it is now. */
async function settled(phase = 'Stable'): Promise<Status['data']> {
  return vi.waitFor(
    async () => {
      const { metadata } = await secret();
      const { data } = await live.release.get<Status>('configmap', 'kure-monitor-rotation');
      expect(data).toMatchObject({ phase, bootstrapResourceVersion: metadata.resourceVersion });
      return data;
    },
    { timeout: 120_000, interval: 200 },
  );
}

async function targetOfToken(): Promise<string> {
  const { data } = await live.release.get<Status>('configmap', 'kure-monitor-rotation');
  return (JSON.parse(data['status.json']) as { keys: { 'service-token': { target: string } } }).keys['service-token'].target;
}

const ask = (request: string, generation: string) =>
  live.release.kubectl(['annotate', 'secret', secretName, `bootstrap.kure.io/${request}=${generation}`]);

/** Runs `change` under traffic; returns what was lost and restarted by then. */
async function during(change: () => Promise<void>) {
  await waitForAccepted(live.release, 50);
  const before = { tally: await tally(live.release), generations: await generations(live.release) };
  await change();
  await waitForAccepted(live.release, 100);
  return {
    tally: difference(await tally(live.release), before.tally),
    restarts: Object.values(restartsBetween(before.generations, await generations(live.release))).reduce((sum, count) => sum + count, 0),
  };
}

test('a rollback right after a rotation works, and the newer token stays', async () => {
  await rotate(['service-token']);
  const before = digest(await secret());
  const { tally: lost } = await during(async () => {
    await live.release.helm(['rollback', live.release.name, '1', '--wait', '--timeout=2m']);
    await settled();
  });
  expect(digest(await secret())).toBe(before);
  expect(lost).toEqual({ ...nothingLost, sent: lost.sent, accepted: lost.accepted });
});

test('nobody but Helm owns values of the Secret in the end', async () => {
  await settled();
  const owners = ((await secret()).metadata.managedFields ?? []).filter(({ fieldsV1 }) => 'f:data' in fieldsV1);
  expect(owners.map(({ manager }) => manager)).toEqual(owners.length > 0 ? ['helm'] : []);
});

test('values that a renderer made up are put back; nothing is lost and no workload restarts', async () => {
  await settled();
  const before = digest(await secret());
  const { tally: lost, restarts } = await during(async () => {
    const rendered = await live.release.helm(['template', live.release.name, 'chart', ...values, '--show-only', 'templates/bootstrap/secret.yaml']);
    await live.release.kubectl(['apply', '--filename', '-'], { input: rendered });
    await settled();
  });
  expect(digest(await secret())).toBe(before);
  expect(lost).toEqual({ ...nothingLost, sent: lost.sent, accepted: lost.accepted });
  expect(restarts).toBe(0);
});

test('an abort in the middle puts the earlier token back, and nothing is lost', async () => {
  await settled();
  const before = digest(await secret());
  const { tally: lost } = await during(async () => {
    await editSecret(live.release, ['service-token']);
    await vi.waitFor(async () => expect((await live.release.get<Status>('configmap', 'kure-monitor-rotation')).data.phase).toBe('Presenting'), {
      timeout: 60_000,
      interval: 50,
    });
    await ask('abort', await targetOfToken());
    await settled();
  });
  expect(digest(await secret())).toBe(before);
  expect(lost).toEqual({ ...nothingLost, sent: lost.sent, accepted: lost.accepted });
});

test('a pause holds a rotation where it is, and it goes on afterwards', async () => {
  await settled();
  await ask('pause', 'true');
  const paused = await during(async () => {
    await editSecret(live.release, ['service-token']);
    await settled('Paused');
  });
  expect(paused.restarts).toBe(0);
  const resumed = await during(async () => {
    await live.release.kubectl(['annotate', 'secret', secretName, 'bootstrap.kure.io/pause-']);
    await settled();
  });
  expect(resumed.restarts).toBe(4);
  expect([paused.tally.causes, resumed.tally.causes, paused.tally.rejected + resumed.tally.rejected]).toEqual([{}, {}, 0]);
});

test('a revoked token is refused at once and everybody moves to a new one', async () => {
  await settled();
  const revoked = await targetOfToken();
  const before = digest(await secret());
  await ask('revoke', revoked);
  await vi.waitFor(async () => expect(await targetOfToken()).not.toBe(revoked), { timeout: 30_000, interval: 100 });
  const data = await settled();
  expect(digest(await secret())).not.toBe(before);
  const { keys } = JSON.parse(data['status.json']) as { keys: { 'service-token': { retired: { name: string }[] } } };
  expect(keys['service-token'].retired.map(({ name }) => name)).toContain(revoked);
  await waitForAccepted(live.release, 100);
});
