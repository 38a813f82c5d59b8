/** Two backends that share one PostgreSQL, on real pods under live traffic. The database is outside the cluster. */
import { afterAll, expect, test } from 'vitest';
import { countOfReports, difference, stopTraffic, tally, waitForAccepted } from '../../testbed/demo/counts.ts';
import { measureRotation } from '../../testbed/demo/rotation.ts';
import { nodeAddress } from '../../testbed/places.ts';
import { execute, startPostgresql, type Postgresql } from '../fixtures/postgresql.ts';
import { areStored, liveRelease, nothingLost, onceEach } from './live-release.ts';
import { startOutlet } from './outlet.ts';

const databasePort = 15_432;
const database = await startPostgresql({ durable: true });
afterAll(() => database.remove());
const outlet = await startOutlet({ port: databasePort, socket: database.socket, address: nodeAddress });
afterAll(() => void outlet.kill());

const live = liveRelease('e2e-replicas', [
  '--set=backend.replicas=2',
  '--set=database.existingSecret=database',
  `--set-json=extraObjects=${JSON.stringify([secretFor(database)])}`,
  '--set=operator.extraWorkloads={deployment/traffic}',
]);

/** As the pods reach it. */
function secretFor({ url }: Postgresql): object {
  const inside = new URL(url);
  inside.host = `${nodeAddress}:${databasePort}`;
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'database' }, stringData: { 'database-url': inside.href } };
}

interface Pod {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] };
}

const backend = 'deployment/kure-monitor-backend';
test('two backends are ready', async () => {
  const { items } = await live.release.get<{ items: Pod[] }>('pods', '--selector=app.kubernetes.io/component=backend');
  const ready = items.filter(({ status }) => status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  expect(ready).toHaveLength(2);
});

test('a new service token restarts each of its readers once and rejects nothing', async () => {
  const { tally: counted, restarts } = await measureRotation(live.client, live.release, ['service-token'], { onStatus: () => {} });
  expect(counted).toMatchObject(nothingLost);
  expect(restarts).toMatchObject(onceEach);
});

test('both backends roll over without a gap', async () => {
  const before = await tally(live.release);
  await live.release.kubectl(['rollout', 'restart', backend]);
  await live.release.kubectl(['rollout', 'status', backend, '--timeout=2m']);
  await waitForAccepted(live.release, 400);
  expect(difference(await tally(live.release), before)).toMatchObject(nothingLost);
});

test('while PostgreSQL restarts nobody is told that a token is wrong, and afterwards all goes on', async () => {
  const before = await tally(live.release);
  await database.shutDown();
  await database.start();
  await waitForAccepted(live.release, 400);
  expect(difference(await tally(live.release), before).rejected).toBe(0);
  await live.release.kubectl(['wait', 'pod', '--for=condition=Ready', '--selector=app.kubernetes.io/component=backend', '--timeout=1m']);
});

test('every report that was accepted is in the database at the end', async () => {
  const counted = await stopTraffic(live.release);
  expect(counted.accepted).toBeGreaterThan(1_000);
  const [stored] = await execute<{ reports: string }>(database.url, countOfReports);
  expect(Number(stored?.reports)).toSatisfy((stored: number) => areStored(stored, counted), JSON.stringify(counted));
});
