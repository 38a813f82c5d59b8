/** The agent between a real backend and a stand-in for the API server: what it makes good after it was away. */
import { once } from 'node:events';
import { Agent as HttpAgent, createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Agent } from '../../../agent/agent.ts';
import { readConfig } from '../../../agent/config.ts';
import { keyOf, type Pod } from '../../../agent/pod.ts';
import { systemClock } from '../../../shared/clock.ts';
import { KubeClient } from '../../../shared/kube/client.ts';
import { createLogger } from '../../../shared/log.ts';
import { listen, podReport, startBackend, tokenA, type Backend } from '../backend/harness.ts';
import { givenPod, waitingFor, withMetadata } from './given-pod.ts';

const answer = (response: ServerResponse, status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));

/** Has these pods and no others; its watches are silent. */
async function startApiServer(pods: readonly Pod[]): Promise<KubeClient> {
  const answers: Readonly<Record<string, unknown>> = {
    '/api/v1/pods': { metadata: { resourceVersion: '9' }, items: pods },
    ...Object.fromEntries(pods.map((pod) => [`/api/v1/namespaces/${keyOf(pod).replace('/', '/pods/')}`, pod])),
  };
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://api');
    if (searchParams.has('watch')) response.writeHead(200).flushHeaders();
    else if (pathname in answers) answer(response, 200, answers[pathname]);
    else answer(response, 404, { kind: 'Status', code: 404, reason: 'NotFound' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return new KubeClient({ baseUrl, namespace: 'monitoring', agent: new HttpAgent(), authorize: async () => ({}) }, 'agent');
}

async function startAgent(backend: Backend, pods: readonly Pod[], env: Record<string, string> = {}): Promise<void> {
  const config = readConfig({ BACKEND_URL: `http://${await listen(backend)}`, SERVICE_TOKEN: tokenA, ...env });
  const client = await startApiServer(pods);
  const agent = new Agent({ config, client, clock: systemClock, log: createLogger('agent', 'silent') });
  onTestFinished(async () => void (await agent.stop(0)));
  agent.start();
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
  await startAgent(backend, [failing('shop', 'there')]);
  await vi.waitFor(async () => expect(await names(podFailures.withStatus('resolved'))).toEqual(['gone']), 10_000);
  expect(await names(podFailures.withStatus('ignored'))).toEqual(['there']);
});

it('resolves failures in a namespace that it leaves alone from now on, whether their pods are there or gone', async () => {
  const backend = await startBackend();
  const { podFailures } = backend.stores;
  for (const name of ['gone', 'there']) await report(backend, 'sandbox', name);
  await report(backend, 'shop', 'watched');
  await startAgent(backend, [failing('sandbox', 'there'), failing('shop', 'watched')], { EXCLUDED_NAMESPACES: 'sandbox' });
  await vi.waitFor(async () => expect(await names(podFailures.withStatus('resolved'))).toEqual(['gone', 'there']), 10_000);
  expect(await names(podFailures.withStatus('new'))).toEqual(['watched']);
});
