/** What channels are told, by a real HTTP server that plays them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { messageFor, type Notice } from '../../../backend/domain/notification-messages.ts';
import { record } from '../../fixtures/given.ts';
import { soon } from '../../fixtures/soon.ts';
import { asService, podReport, startBackend, temporaryDirectory, tokenA, type Backend } from './harness.ts';
import { signUp } from './people.ts';

const url = '/api/admin/notifications';

interface Channel {
  readonly address: string;
  readonly told: Record<string, unknown>[];
  /** How many messages have come, also such as were refused. */
  readonly asked: () => number;
}

/** Answers with these statuses, each when it is known, then with 200. */
async function channel(...statuses: (number | Promise<number>)[]): Promise<Channel> {
  const told: Record<string, unknown>[] = [];
  let asked = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await json(request);
    asked++;
    const status = await (statuses.shift() ?? 200);
    if (status === 200) told.push(body as Record<string, unknown>);
    response.writeHead(status).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.close().closeAllConnections());
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/very-secret`, told, asked: () => asked };
}

async function start(address: string, { enabled = true, provider = 'webhook' } = {}) {
  const directory = await temporaryDirectory();
  const backend = await startBackend({ directory, outboundAllow: ['127.0.0.1'] });
  backend.encryptionKeys.sawKeyring(record(['key']), '1');
  const admin = await signUp(backend);
  const saved = await admin.call('POST', url, { provider, enabled, config: { webhook_url: address } });
  expect(saved.statusCode).toBe(200);
  return { backend, admin, directory };
}

const report = ({ app }: Backend, change = {}) =>
  app.inject({ method: 'POST', url: '/api/pods/failed', headers: asService(tokenA), payload: podReport(change) });
const recover = ({ app }: Backend, pod_name: string) =>
  app.inject({ method: 'POST', url: '/api/pods/dismiss-deleted', headers: asService(tokenA), payload: { namespace: 'shop', pod_name } });
const outcomes = async ({ metrics }: Backend) =>
  (await metrics.notifications.get()).values.map(({ labels, value }) => `${String(labels['outcome'])} ${value}`);

describe('a channel', () => {
  it('is told once of each failure, by all replicas together, and of its end', async () => {
    const { address, told } = await channel();
    const { backend, directory } = await start(address);
    const replica = await startBackend({ directory, outboundAllow: ['127.0.0.1'] });
    replica.encryptionKeys.sawKeyring(record(['key']), '1');
    await Promise.all([backend, replica, backend, replica].map((one) => report(one)));
    await vi.waitFor(() => expect(told).toHaveLength(1), soon);
    expect(told[0]).toMatchObject({ source: 'kure-monitor', event: 'pod_failure', facts: { Namespace: 'shop', Pod: 'web-1', Reason: 'CrashLoopBackOff' } });
    await report(replica);
    await recover(backend, 'web-1');
    await vi.waitFor(() => expect(told.map(({ event }) => event)).toContain('pod_recovered'), soon);
    await report(backend);
    await vi.waitFor(() => expect(told.map(({ event }) => event)).toEqual(['pod_failure', 'pod_recovered', 'pod_failure']), soon);
  });

  it('that is switched off is told nothing', async () => {
    const { address, told } = await channel();
    const { backend, admin } = await start(address, { enabled: false });
    await report(backend);
    await admin.call('PUT', `${url}/webhook`, { enabled: true, config: {} });
    await report(backend, { pod_name: 'web-2' });
    await vi.waitFor(() => expect(told).toMatchObject([{ facts: { Pod: 'web-2' } }]), soon);
  });

  it('is told of nothing that somebody ignores', async () => {
    const { address, told } = await channel();
    const { backend, admin } = await start(address, { enabled: false });
    const { id } = (await report(backend)).json<{ id: number }>();
    await admin.call('DELETE', `/api/pods/failed/${id}`);
    await admin.call('PUT', `${url}/webhook`, { enabled: true, config: {} });
    await report(backend);
    await recover(backend, 'web-1');
    await report(backend, { pod_name: 'web-2' });
    await vi.waitFor(() => expect(told).toHaveLength(1), soon);
    expect(told).toMatchObject([{ facts: { Pod: 'web-2' } }]);
  });

  it('that is busy is told later', async () => {
    const { address, told } = await channel(503, 429, 500);
    const { backend } = await start(address);
    await report(backend);
    await vi.waitFor(() => expect(told).toHaveLength(1), soon);
    await vi.waitFor(async () => expect(await outcomes(backend)).toEqual(['sent 1']), soon);
  });

  it('is not told what looks like a secret in the message of a pod', async () => {
    const { address, told } = await channel();
    const { backend } = await start(address);
    await report(backend, { failure_message: 'Error: cannot connect to postgres://shop:hunter2@db:5432/shop' });
    await vi.waitFor(() => expect(told).toMatchObject([{ message: 'Error: cannot connect to postgres://[redacted]@db:5432/shop' }]), soon);
  });

  it('that refuses is not asked again, and reports go on', async () => {
    const { address, told } = await channel(404);
    const { backend } = await start(address);
    expect((await report(backend)).statusCode).toBe(200);
    await vi.waitFor(async () => expect(await outcomes(backend)).toEqual(['failed 1']), soon);
    expect(told).toEqual([]);
  });
});

describe('channels', () => {
  it('do not wait for one that never answers', async () => {
    const silent = await channel(...Array.from({ length: 6 }, () => new Promise<number>(() => {})));
    const { address, told } = await channel();
    const { backend, admin } = await start(address);
    await admin.call('POST', url, { provider: 'slack', enabled: true, config: { webhook_url: silent.address } });
    for (let pod = 0; pod < 6; pod++) await report(backend, { pod_name: `web-${pod}` });
    await vi.waitFor(() => expect(told).toHaveLength(6), soon);
    expect(silent.told).toEqual([]);
  });

  it('that never answer do not keep the process', { timeout: 8_000 }, async () => {
    const { address, asked } = await channel(new Promise(() => {}));
    const { backend } = await start(address);
    await report(backend);
    await vi.waitFor(() => expect(asked()).toBe(1), soon);
    await backend.notifier.stop();
  });
});

describe('a recovery', () => {
  it('is told after the failure, also where that took several times', async () => {
    const { promise: later, resolve: answer } = Promise.withResolvers<number>();
    const { address, told, asked } = await channel(later);
    const { backend } = await start(address);
    await report(backend);
    await vi.waitFor(() => expect(asked()).toBe(1), soon);
    await recover(backend, 'web-1');
    await report(backend, { pod_name: 'web-2' });
    await sleep(50);
    answer(503);
    await vi.waitFor(() => expect(told).toHaveLength(3), soon);
    expect(told.map(({ event, facts }) => `${String(event)} ${(facts as { Pod: string }).Pod}`)).toEqual(['pod_failure web-1', 'pod_recovered web-1', 'pod_failure web-2']);
  });


  it('is told only where the failure was', async () => {
    const { address, told } = await channel();
    const { backend, admin } = await start(address, { enabled: false });
    await report(backend);
    await admin.call('PUT', `${url}/webhook`, { enabled: true, config: {} });
    await recover(backend, 'web-1');
    await report(backend, { pod_name: 'web-2' });
    await vi.waitFor(() => expect(told).toHaveLength(1), soon);
    await recover(backend, 'web-2');
    await vi.waitFor(() => expect(told).toHaveLength(2), soon);
    expect(told).toMatchObject([{ facts: { Pod: 'web-2' } }, { facts: { Pod: 'web-2' } }]);
  });
});

describe('a test message', () => {
  it('is sent at once, also to a channel that is switched off', async () => {
    const { address, told } = await channel();
    const { admin } = await start(address, { enabled: false });
    expect((await admin.call('POST', `${url}/webhook/test`)).statusCode).toBe(200);
    expect(told).toMatchObject([{ event: 'test' }]);
  });

  it('that is not delivered says why, without the path of the address', async () => {
    const { address } = await channel(403);
    const { admin } = await start(address);
    const answer = await admin.call('POST', `${url}/webhook/test`);
    expect(answer.statusCode).toBe(502);
    expect(answer.json<object>()).toMatchObject({ message: 'The test message was not delivered: 127.0.0.1 answered 403' });
    expect(answer.body).not.toContain('secret');
  });

  it('is declined where nothing is stored, or nothing can be decrypted', async () => {
    const { address } = await channel();
    const { backend, admin } = await start(address);
    expect((await admin.call('POST', `${url}/slack/test`)).statusCode).toBe(404);
    await backend.stores.notificationSettings.save('teams', true, 'not a Fernet token', '2026-11-01T10:00:00.000Z');
    expect((await admin.call('POST', `${url}/teams/test`)).statusCode).toBe(409);
  });
});

it('plain http is taken only for a host in OUTBOUND_ALLOW', async () => {
  const { admin } = await start('http://127.0.0.1:1/');
  const answer = await admin.call('POST', url, { provider: 'teams', enabled: true, config: { webhook_url: 'http://relay.example/' } });
  expect(answer.statusCode).toBe(400);
});

describe('the form of a message', () => {
  const notice: Notice = { event: 'pod_failure', title: 'Pod failing: shop/web', facts: { Reason: 'Error' }, message: '<!channel> **bold** & more' };

  it('Slack reads no mention in it', () => {
    const text = JSON.stringify(messageFor('slack', notice));
    expect(text).not.toContain('<!channel>');
    expect(text).toContain('&lt;!channel&gt; **bold** &amp; more');
  });

  it('Teams gets an Adaptive Card that shows the text as it is', () => {
    expect(messageFor('teams', notice)).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', version: '1.4' } }],
    });
    expect(JSON.stringify(messageFor('teams', notice))).not.toContain('"TextBlock"');
  });
});
