/** Whether the command line finds an operator running, on the real API server; the operators are Deployments of fake pods. */
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { operatorLiveness } from '../../operator/cli/release/liveness.ts';
import { releaseNamed } from '../../operator/cli/release/settings.ts';
import { systemClock } from '../../shared/clock.ts';
import { collectionPath, objectPath, type KubeObject } from '../../shared/kube/objects.ts';
import { onFakeNodes, startKwok } from '../../testbed/kwok.ts';
import { givenNamespace, type TestNamespace } from '../fixtures/namespace.ts';

beforeAll(async () => startKwok(1));

const patience = { timeout: 60_000, interval: 100 };
const now = async ({ kube, name }: TestNamespace) => {
  const { signal } = new AbortController();
  return operatorLiveness({ client: kube, ...releaseNamed({}, name, 'kure'), clock: systemClock, signal });
};

/** A Lease that its holder keeps no more, as a killed operator leaves it. */
const leaveLease = ({ kube, name: namespace }: TestNamespace) =>
  kube.create(collectionPath('leases', namespace), {
    metadata: { name: 'kure-operator' },
    spec: { holderIdentity: 'gone', leaseDurationSeconds: 1, renewTime: '2020-01-01T00:00:00.000000Z' },
  });

async function runOperator({ kube, name: namespace }: TestNamespace, release: string, env: readonly object[] = []): Promise<void> {
  const labels = { 'app.kubernetes.io/component': 'operator', 'app.kubernetes.io/instance': release };
  const spec = { ...onFakeNodes, containers: [{ name: 'operator', image: 'nothing', env }] };
  const template = { metadata: { labels }, spec };
  await kube.create(collectionPath('deployments', namespace), { metadata: { name: 'operator', labels }, spec: { selector: { matchLabels: labels }, template } });
  await vi.waitUntil(async () => {
    const { status } = await kube.get<KubeObject & { status?: { availableReplicas?: number } }>(objectPath('deployments', namespace, 'operator'));
    return status?.availableReplicas === 1;
  }, patience);
}

it('takes an operator of the whole cluster for one, whatever Lease an own one has left', async () => {
  const release = await givenNamespace('liveness');
  await leaveLease(release);
  expect(await now(release)).toBe('away');
  const elsewhere = await givenNamespace('liveness-cluster');
  await runOperator(elsewhere, 'shared', [{ name: 'SCOPE', value: 'cluster' }]);
  onTestFinished(async () => void (await elsewhere.kube.delete(objectPath('deployments', elsewhere.name, 'operator'))));
  expect(await now(release)).toBe('running');
});

it('takes an own operator that keeps no Lease for away, also where its pod seems well', async () => {
  const release = await givenNamespace('liveness');
  await runOperator(release, 'kure');
  expect(await now(release)).toBe('running');
  await leaveLease(release);
  expect(await now(release)).toBe('away');
});
