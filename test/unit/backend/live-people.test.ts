import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { soon } from '../../fixtures/soon.ts';
import { asService, findingReport, listen, podReport, startBackend, temporaryDirectory, tokenA, tokenC } from './harness.ts';
import { openLive as open, sessionCookie as cookie } from './live-client.ts';
import { invite, signUp } from './people.ts';

async function refused(address: string, headers: Record<string, string>): Promise<unknown> {
  const [, answer] = (await once(new WebSocket(`ws://${address}/ws`, { headers }), 'unexpected-response')) as [unknown, { statusCode: number }];
  return answer.statusCode;
}

it('lets people in by their cookie, from our own site only', async () => {
  const backend = await startBackend();
  const address = await listen(backend);
  const admin = await signUp(backend);
  await open(address, { ...cookie(admin.cookie), origin: `http://${address}` });
  expect(await refused(address, { ...cookie(admin.cookie), origin: 'http://evil.example' })).toBe(403);
  expect(await refused(address, { ...cookie(admin.cookie), 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await refused(address, cookie('forged.cookie'))).toBe(403);
  await open(address, cookie('forged.cookie'), `?token=${tokenA}`);
});

it('lets people in who come by a proxy that asks for another host, as every other request does', async () => {
  const backend = await startBackend({ trustedProxies: ['127.0.0.1'] });
  const address = await listen(backend);
  const admin = await signUp(backend);
  const headers = { origin: 'https://kure.example', 'x-forwarded-host': 'outer.example, kure.example', 'x-forwarded-proto': 'https' };
  expect((await admin.call('POST', '/api/security/rescan', undefined, { headers })).statusCode).toBe(200);
  await open(address, { ...cookie(admin.cookie), ...headers });
  expect(await refused(address, { ...cookie(admin.cookie), ...headers, origin: 'https://outer.example' })).toBe(403);
});

it('tells people everything, after the commit, and agents only what they act on', async () => {
  const backend = await startBackend();
  const address = await listen(backend);
  const admin = await signUp(backend);
  const person = await open(address, cookie(admin.cookie));
  const agent = await open(address, {}, `?token=${tokenA}`);
  const asAgent = { headers: asService(tokenA) };
  await admin.call('POST', '/api/pods/failed', podReport(), asAgent);
  await admin.call('POST', '/api/security/findings', findingReport(), asAgent);
  await admin.call('DELETE', '/api/pods/failed/1');
  await admin.call('POST', '/api/pods/failed', podReport(), asAgent);
  await admin.call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name: 'web-1' }, asAgent);
  await admin.call('DELETE', '/api/security/findings/resource/Pod/shop/web-1', undefined, asAgent);
  const controls: [string, Parameters<typeof admin.call>][] = [
    ['pod_exclusion_change', ['POST', '/api/admin/excluded-pods', { pod_name: 'web-1' }]],
    ['namespace_exclusion_change', ['POST', '/api/admin/excluded-namespaces', { namespace: 'shop' }]],
    ['rule_exclusion_change', ['POST', '/api/admin/excluded-rules', { rule_title: 'Root' }]],
    ['trusted_registry_change', ['POST', '/api/admin/trusted-registries', { registry: 'r.example' }]],
    ['security_rescan_request', ['POST', '/api/security/rescan']],
  ];
  for (const [, call] of controls) expect((await admin.call(...call)).statusCode).toBe(200);
  const told = controls.map(([type]) => type);
  await vi.waitFor(() => expect(agent.types()).toEqual(told), soon);
  const reported = ['pod_failure', 'security_finding', 'pod_status_change', 'pod_status_change', 'security_finding_deleted'];
  await vi.waitFor(() => expect(person.types()).toEqual([...reported, ...told]), soon);
  expect(agent.messages[0]).toEqual({ type: 'pod_exclusion_change', data: { pod_name: 'web-1', action: 'excluded' } });
  expect(agent.messages[2]).toEqual({ type: 'rule_exclusion_change', data: { rule_title: 'Root', namespace: null, action: 'excluded' } });
});

it('tells people with every ping that the connection is alive, and agents nothing', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const backend = await startBackend();
  const address = await listen(backend);
  const admin = await signUp(backend);
  const person = await open(address, cookie(admin.cookie));
  const agent = await open(address, {}, `?token=${tokenA}`);
  vi.advanceTimersByTime(30_000);
  await vi.waitFor(() => expect(person.messages).toEqual([{ type: 'heartbeat', data: {} }]), soon);
  // After whatever was sent before.
  await admin.call('POST', '/api/security/rescan');
  await vi.waitFor(() => expect(agent.types()).toEqual(['security_rescan_request']), soon);
});

it('is closed when the session ends: logged out, deleted, password changed, a new secret', async () => {
  const backend = await startBackend();
  const address = await listen(backend);
  const admin = await signUp(backend);
  const agent = await open(address, {}, `?token=${tokenA}`);

  const leaving = await open(address, cookie(admin.cookie));
  await admin.call('POST', '/api/auth/logout');
  expect(await leaving.closed).toBe(1008);

  await admin.logIn('admin');
  const guest = await invite(backend, admin, 'read', 'guest');
  const [own, guests] = [await open(address, cookie(admin.cookie)), await open(address, cookie(guest.cookie))];
  await admin.call('DELETE', '/api/admin/users/2');
  expect(await guests.closed).toBe(1008);

  backend.sessionSecret.sawBootstrap({ resourceVersion: '1', serviceToken: undefined, sessionSecret: tokenC, isBlindRender: false });
  expect(await own.closed).toBe(1008);
  await backend.app.inject({ method: 'POST', url: '/api/security/rescan-status', headers: asService(tokenA), payload: { status: 'started' } });
  expect(backend.tokens.accepted).toHaveLength(1);
  expect(agent.messages).toEqual([]);
});

it('is closed within seconds when another replica ended the session', { timeout: 15_000 }, async () => {
  const directory = await temporaryDirectory();
  const [one, two] = [await startBackend({ directory }), await startBackend({ directory })];
  const admin = await signUp(one);
  const socket = await open(await listen(two), cookie(admin.cookie));
  await admin.call('POST', '/api/auth/logout');
  expect(await socket.closed).toBe(1008);
});
