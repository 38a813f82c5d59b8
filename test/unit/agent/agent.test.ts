/** The agent between a real backend and a stand-in for the API server: what it makes good after it was away. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { Agent } from '../../../agent/agent.ts';
import { readConfig } from '../../../agent/config.ts';
import type { Pod } from '../../../agent/pod.ts';
import { systemClock, type Clock } from '../../../shared/clock.ts';
import { createLogger } from '../../../shared/log.ts';
import { soon } from '../../fixtures/soon.ts';
import { listen, podReport, startBackend, tokenA, type Backend } from '../backend/harness.ts';
import { StandInBackend, type Script } from '../delivery/stand-in-backend.ts';
import { container, createdAt, givenPod, waitingFor, withMetadata, withSpec, withStatus } from './given-pod.ts';
import { json, StandInApiServer } from './stand-in-api-server.ts';

/** With an API server that has these pods and no others. */
async function startAgent(backendUrl: string, pods: readonly Pod[], env: Record<string, string> = {}, clock: Clock = systemClock) {
  const api = await StandInApiServer.start(pods);
  const config = readConfig({ BACKEND_URL: backendUrl, SERVICE_TOKEN: tokenA, ...env });
  const agent = new Agent({ config, client: api.client, clock, log: createLogger('agent', 'silent') });
  onTestFinished(async () => void (await agent.stop(0)));
  agent.start();
  return { api, agent };
}

/** Has the agent see it, too. */
async function change({ api, agent }: Awaited<ReturnType<typeof startAgent>>, pod: Pod): Promise<void> {
  await api.tell('MODIFIED', pod);
  const versionSeen = () => agent.pods.objects().find(({ metadata }) => metadata.uid === pod.metadata.uid)?.metadata.resourceVersion;
  await expect.poll(versionSeen, { ...soon, interval: 2 }).toBe(pod.metadata.resourceVersion);
}

/** Lists nothing, and takes what it gets. */
async function standInBackend(script: Script = ({ method }) => ({ status: 200, body: method === 'GET' ? [] : {} })): Promise<StandInBackend> {
  const backend = await StandInBackend.start(script);
  onTestFinished(() => backend.stop());
  return backend;
}

const failing = (namespace: string, name: string) => givenPod(waitingFor('CrashLoopBackOff'), withMetadata({ namespace, name, uid: name }));
const report = ({ stores }: Backend, namespace: string, pod_name: string) => stores.podFailures.save(podReport({ namespace, pod_name }));
const names = async (listed: Promise<readonly { readonly pod_name: string }[]>) => (await listed).map(({ pod_name }) => pod_name).sort();

it('resolves an ignored failure whose pod went while it was away, and leaves one whose pod still fails', async () => {
  const backend = await startBackend();
  const { podFailures } = backend.stores;
  for (const name of ['gone', 'there']) {
    const { failure } = await report(backend, 'shop', name);
    await podFailures.changeStatus(failure.id, ['new'], 'ignored', '2026-11-01T10:00:00.000Z');
  }
  await startAgent(`http://${await listen(backend)}`, [failing('shop', 'there')]);
  await vi.waitFor(async () => expect(await names(podFailures.withStatus('resolved'))).toEqual(['gone']), 10_000);
  expect(await names(podFailures.withStatus('ignored'))).toEqual(['there']);
});

it('resolves failures in a namespace that it leaves alone from now on, whether their pods are there or gone', async () => {
  const backend = await startBackend();
  const { podFailures } = backend.stores;
  for (const name of ['gone', 'there']) await report(backend, 'sandbox', name);
  await report(backend, 'shop', 'watched');
  await startAgent(`http://${await listen(backend)}`, [failing('sandbox', 'there'), failing('shop', 'watched')], { EXCLUDED_NAMESPACES: 'sandbox' });
  await vi.waitFor(async () => expect(await names(podFailures.withStatus('resolved'))).toEqual(['gone', 'there']), 10_000);
  expect(await names(podFailures.withStatus('new'))).toEqual(['watched']);
});

const version = (resourceVersion: string) => withMetadata({ resourceVersion });
const reported = (backend: StandInBackend) => backend.bodies('/api/pods/failed').filter(Boolean);

it('says nothing of a pod that was put on another node while its report waited', async () => {
  let isAway = true;
  const backend = await standInBackend(({ method }) => ({ status: method === 'POST' && isAway ? 503 : 200, body: [] }));
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }];
  const pod = givenPod(withSpec({ containers: [] }), withStatus({ phase: 'Pending', containerStatuses: [], conditions }));
  const started = await startAgent(backend.url, [pod], { NODE_NAME: 'node-a' });
  await expect.poll(() => reported(backend), { ...soon, interval: 2 }).not.toEqual([]);
  await change(started, givenPod(withSpec({ nodeName: 'node-b', containers: [] }), version('10')));
  expect(started.agent.toldCount).toBe(0);
  backend.received.length = 0;
  isAway = false;
  await started.agent.link.delivery.idle();
  expect(reported(backend)).toEqual([]);
});

const crashed = { lastState: { terminated: { exitCode: 1 } } };
const running = (startedAt: string) => withStatus({ containerStatuses: [container('app', { running: { startedAt } }, crashed)] });

it('tells of the recovery of a pod that it reported while a list without it was on its way', async () => {
  const listAsked = Promise.withResolvers<void>();
  const listAnswered = Promise.withResolvers<void>();
  const backend = await standInBackend(({ method, path }) => {
    if (method === 'POST') return { status: 200 };
    if (path !== '/api/pods/failed') return { status: 200, body: [], after: listAsked.promise };
    listAsked.resolve();
    return { status: 200, body: [], after: listAnswered.promise };
  });
  const started = await startAgent(backend.url, [failing('shop', 'web-0')]);
  const { link } = started.agent;
  await expect.poll(() => reported(backend), { ...soon, interval: 2 }).toHaveLength(1);
  await link.delivery.idle();
  const justBack = running(new Date().toISOString());
  await change(started, givenPod(justBack, withMetadata({ uid: 'web-0' }), version('10')));
  listAnswered.resolve();
  await link.comparison.done();
  await change(started, givenPod(running(createdAt), withMetadata({ uid: 'web-0' }), version('11')));
  await link.delivery.idle();
  expect(backend.bodies('/api/pods/dismiss-deleted')).toEqual([{ namespace: 'shop', pod_name: 'web-0' }]);
});

it('reports again what the backend has lost', async () => {
  const backend = await standInBackend();
  const { agent } = await startAgent(backend.url, [failing('shop', 'web-0')]);
  const { comparison, delivery } = agent.link;
  await comparison.done();
  await expect.poll(() => reported(backend), { ...soon, interval: 2 }).not.toEqual([]);
  await delivery.idle();
  const count = reported(backend).length;
  comparison.now();
  await expect.poll(() => reported(backend), { ...soon, interval: 2 }).toHaveLength(count + 1);
});

it('reports again after a minute what it could not read the events of', async () => {
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  let aheadMs = 0;
  const backend = await standInBackend();
  const pod = failing('shop', 'web-0');
  const started = await startAgent(backend.url, [pod], {}, clock);
  started.api.answers.set('/api/v1/namespaces/shop/events', () => json({ kind: 'Status', code: 500 }, 500));
  const { comparison, delivery } = started.agent.link;
  await comparison.done();
  await expect.poll(() => reported(backend), { ...soon, interval: 2 }).not.toEqual([]);
  await delivery.idle();
  const count = reported(backend).length;
  started.api.answers.set('/api/v1/namespaces/shop/events', () => json({ items: [{ type: 'Warning', reason: 'BackOff' }] }));
  await change(started, version('10')(pod));
  await delivery.idle();
  expect(reported(backend)).toHaveLength(count);
  aheadMs = 61_000;
  await change(started, version('11')(pod));
  await delivery.idle();
  expect(reported(backend).at(-1)).toMatchObject({ events: [{ reason: 'BackOff' }] });
  aheadMs = 600_000;
  await change(started, version('12')(pod));
  await delivery.idle();
  expect(reported(backend)).toHaveLength(count + 1);
});
