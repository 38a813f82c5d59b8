/** Sections 2.1 and 2.2 of the wire specification: who is let in, and how refusals look. */
import { expect, it } from 'vitest';
import { asService, podReport, tokenC } from '../unit/backend/harness.ts';
import { compare, invalid, ours, refusal, startWire } from './wire.ts';

const texts = (message: string) => ours('texts-401', refusal(401, expect.stringContaining(message)));

it('agent and scanner are let in by the service token and by nothing else', async () => {
  const { admin, nobody } = await startWire();
  const report = (headers: Record<string, string>) => nobody.call('POST', '/api/pods/failed', podReport(), { headers });
  compare(await report({}), refusal(401, 'Missing service token'), texts('Missing service token: '));
  compare(await report(asService(tokenC)), refusal(401, 'Invalid service token'), texts('Unknown service token: '));
  compare(await report(asService('tökén')), { status: 500 }, ours('non-ascii-token', { status: 401 }));
  compare(await admin.call('POST', '/api/pods/failed', podReport()), { status: 401 });
});

it('the service token reads the five lists that its programs ask for, and no other', async () => {
  const { admin, service } = await startWire();
  for (const list of ['pods/failed', 'admin/excluded-pods', 'admin/excluded-namespaces', 'admin/excluded-rules', 'admin/trusted-registries']) {
    compare(await service.call('GET', `/api/${list}`), refusal(401, 'Authentication required'), ours('service-token-gets', { status: 200, body: [] }));
  }
  compare(await service.call('GET', '/api/security/findings'), refusal(401, 'Authentication required'), ours('service-token-gets', { status: 200, body: [] }));
  await service.call('POST', '/api/pods/failed', podReport());
  await admin.call('DELETE', '/api/pods/failed/1');
  compare(await service.call('GET', '/api/pods/failed'), refusal(401, 'Authentication required'), ours('service-token-gets', { status: 200, body: [{ status: 'ignored' }] }));
  compare(await admin.call('GET', '/api/pods/failed'), { status: 200, body: [] });
  compare(await service.call('GET', '/api/pods/history'), refusal(401, 'Authentication required'));
  compare(await service.call('GET', '/api/admin/users'), refusal(401, 'Authentication required'));
});

it('each role is refused what is above it', async () => {
  const { nobody, read, write } = await startWire();
  compare(await nobody.call('GET', '/api/pods/history'), refusal(401, 'Authentication required'));
  compare(await read.call('POST', '/api/security/rescan'), refusal(403, 'Write access required'));
  compare(await write.call('GET', '/api/admin/users'), refusal(403, 'Admin access required'));
  for (const list of ['excluded-pods', 'excluded-namespaces', 'excluded-rules', 'trusted-registries']) {
    compare(await read.call('GET', `/api/admin/${list}`), refusal(403, 'Write access required'), ours('read-suppressions', { status: 200, body: [] }));
  }
  for (const url of ['/api/admin/notifications', '/api/admin/llm/status']) {
    compare(await write.call('GET', url), { status: 200 }, ours('admin-only', refusal(403, 'Admin access required')));
  }
});

it('what came from another site is refused', async () => {
  const { write } = await startWire();
  const headers = { 'sec-fetch-site': 'cross-site' };
  compare(await write.call('POST', '/api/security/rescan', undefined, { headers }), { status: 200 }, ours('cross-site', { status: 403 }));
});

it('unknown paths, wrong methods and bodies that are no JSON are told apart', async () => {
  const { nobody, backend } = await startWire();
  compare(await nobody.call('GET', '/api/unknown'), { status: 404, body: { detail: 'Not Found' } });
  compare(await nobody.call('PUT', '/api/auth/login'), { status: 405, body: { detail: 'Method Not Allowed' }, headers: { allow: 'POST' } });
  compare(await nobody.call('POST', '/api/admin/users/1'), { status: 405, headers: { allow: 'PATCH' } }, ours('head', { status: 405, headers: { allow: 'PATCH, DELETE' } }));
  const send = (type: string, payload: string) => backend.app.inject({ method: 'POST', url: '/api/auth/login', headers: { 'content-type': type }, payload });
  compare(await send('application/json', '{"username":'), invalid, ours('malformed', refusal(400, expect.any(String))));
  compare(await send('text/plain', '{}'), invalid, ours('malformed', refusal(415, expect.any(String))));
  compare(await nobody.logIn('nobody'), { status: 401, body: { path: expect.stringMatching(/^http/) } }, ours('error-path', { status: 401, body: { path: '/api/auth/login' } }));
  const echoed = { detail: [{ input: expect.anything() }] };
  compare(await nobody.call('POST', '/api/auth/login', { username: 1, password: 'secret' }), { status: 422, body: echoed }, ours('no-echo', invalid));
});
