/** What somebody tries who means it, against the program itself. */
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { tokenA } from '../unit/backend/harness.ts';
import { startAttacked, type Attacked } from './program.ts';
import { exchange, statusOf } from './raw.ts';
import { stateOf } from './unharmed.ts';

const trickyPaths = [
  '/api/admin/../admin/users',
  '/api/pods/..%2fadmin/users',
  '//api/admin/users',
  '/API/ADMIN/USERS',
  '/api/admin/users/',
  '/api/admin/users%00',
  '/api/admin/users;a=b',
  '/api/admin%2fusers',
  '/health/../api/admin/users',
  '/./api/admin/users',
  'http://evil.example/api/admin/users',
  '/api/admin/users?x=/health',
  '/..%2f..%2fpackage.json',
  '/assets/..%2f..%2f..%2fpackage.json',
  '/%5c..%5c..%5cpackage.json',
  '/....//package.json',
];

type Row = Record<string, unknown>;

async function call({ url, cookie }: Attacked, method: string, path: string, body?: Row, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { cookie, ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, headers: answer.headers };
}

it('a session of the attacker does not become that of whoever logs in with it', async () => {
  const backend = await startAttacked();
  const planted = backend.cookie;
  const login = await call(backend, 'POST', '/api/auth/login', { username: 'admin', password: backend.password });
  const fresh = login.headers.getSetCookie()[0]!.split(';')[0]!;
  expect(fresh).not.toBe(planted);
  expect((await call({ ...backend, cookie: planted }, 'GET', '/api/auth/me')).status).toBe(401);
  expect((await call({ ...backend, cookie: 'kure_session=chosen.by-attacker' }, 'POST', '/api/auth/login', { username: 'admin', password: backend.password })).headers.getSetCookie()[0]).not.toContain('chosen');
});

it('what the list of sessions shows ends a session and opens none, and an ended one cannot be replayed', async () => {
  const backend = await startAttacked();
  const login = await call({ ...backend, cookie: '' }, 'POST', '/api/auth/login', { username: 'admin', password: backend.password });
  const stolen = { ...backend, cookie: login.headers.getSetCookie()[0]!.split(';')[0]! };
  const listed = JSON.parse((await call(backend, 'GET', '/api/auth/sessions')).text) as { id: string; is_current: boolean }[];
  const { id } = listed.find(({ is_current }) => !is_current)!;
  expect((await call({ ...backend, cookie: `kure_session=${id}` }, 'GET', '/api/auth/me')).status).toBe(401);
  expect((await call(backend, 'DELETE', `/api/auth/sessions/${id}`, undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await call(stolen, 'GET', '/api/auth/me')).status).toBe(200);
  expect((await call(backend, 'DELETE', `/api/auth/sessions/${id}`)).status).toBe(200);
  expect((await call(stolen, 'GET', '/api/auth/me')).status).toBe(401);
  expect((await call(stolen, 'GET', '/api/auth/sessions')).status).toBe(401);
});

it('a cookie opens nothing on another database, even where the secret is the same', async () => {
  const SESSION_SECRET = 's'.repeat(48);
  const [one, two] = [await startAttacked({ SESSION_SECRET }), await startAttacked({ SESSION_SECRET })];
  expect((await call(one, 'GET', '/api/auth/me')).status).toBe(200);
  expect((await call({ ...two, cookie: one.cookie }, 'GET', '/api/auth/me')).status).toBe(401);
});

it('failed logins are counted across two programs on one database', async () => {
  const one = await startAttacked();
  const two = await startAttacked({}, one.directory);
  const fail = async (backend: Attacked) => (await call(backend, 'POST', '/api/auth/login', { username: 'admin', password: 'wrong' })).status;
  const answers: number[] = [];
  for (let tries = 0; tries < 6; tries += 1) answers.push(await fail(tries % 2 === 0 ? one : two));
  expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
  expect((await call(two, 'POST', '/api/auth/login', { username: 'admin', password: two.password })).status).toBe(429);
});

it('no trick with a path shows nobody anything', async () => {
  const backend = await startAttacked();
  for (const path of trickyPaths) {
    const answer = await exchange(backend.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect({ path, status: statusOf(answer) }).toEqual({ path, status: expect.toSatisfy((status: number) => status >= 200 && status < 500) });
    for (const secret of ['"username"', '"created_at"', '"kure-bootstrap"', '"dependencies"']) expect(answer).not.toContain(secret);
  }
});

it('no line break in what is sent becomes a header of an answer', async () => {
  const backend = await startAttacked();
  const split = 'x%0d%0aSet-Cookie:%20kure_session=chosen';
  for (const path of [`/api/auth/invitation/${split}`, `/${split}`, `/api/admin/excluded-pods/${split}`]) {
    const answer = await exchange(backend.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${backend.cookie}\r\nConnection: close\r\n\r\n`);
    expect(answer.split('\r\n\r\n')[0]!.toLowerCase()).not.toContain('chosen');
  }
  const named = await call(backend, 'POST', '/api/auth/login', { username: 'a\r\nSet-Cookie: kure_session=chosen', password: 'x' });
  expect(named.headers.getSetCookie()).toEqual([]);
});

it('what is too large is refused, without being read where it needs a token that is not there', async () => {
  const backend = await startAttacked();
  const size = 17 * 1024 * 1024;
  const post = (lines: string, body = '') => exchange(backend.port, `POST /api/pods/failed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${lines}\r\n\r\n${body}`);
  expect(statusOf(await post(`Content-Length: ${size}`))).toBe(401);
  expect(statusOf(await post(`X-Service-Token: ${tokenA}\r\nContent-Length: ${size}`))).toBe(413);
  const chunk = 'x'.repeat(1024 * 1024);
  const chunks = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(17);
  expect(statusOf(await post(`X-Service-Token: ${tokenA}\r\nTransfer-Encoding: chunked`, chunks))).toBe(413);
  expect(statusOf(await exchange(backend.port, `GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(64 * 1024)}\r\n\r\n`))).toBe(431);
  expect((await fetch(`${backend.url}/health`)).status).toBe(200);
});

it('a request that says its length twice is not taken apart differently by two readers', async () => {
  const backend = await startAttacked();
  const smuggled = 'POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const answer = await exchange(backend.port, smuggled);
  expect(statusOf(answer)).toBe(400);
  expect(answer).not.toContain('kure_');
});

it('hundreds of slow requests keep nobody else waiting', async () => {
  const backend = await startAttacked();
  const before = stateOf(backend);
  const slow = Array.from({ length: 300 }, (_, index) => {
    const socket = connect(backend.port, '127.0.0.1').on('error', () => undefined);
    const body = index % 2 === 0 ? `X-Service-Token: ${tokenA}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{` : 'X-Slow: ';
    socket.write(`POST /api/pods/failed HTTP/1.1\r\nHost: localhost\r\n${body}`);
    return socket;
  });
  for (let asked = 0; asked < 20; asked += 1) expect((await call(backend, 'GET', '/api/auth/me')).status).toBe(200);
  expect(stateOf(backend).mebibytes - before.mebibytes).toBeLessThan(100);
  for (const socket of slow) socket.destroy();
});

it('the settings take no address that a request could be smuggled by', async () => {
  const backend = await startAttacked();
  for (const webhook_url of ['http://127.0.0.1:8000/', 'file:///etc/passwd', 'https://me:secret@hooks.example/', 'gopher://x', 'hooks']) {
    expect((await call(backend, 'POST', '/api/admin/notifications', { provider: 'slack', enabled: true, config: { webhook_url } })).status).toBe(400);
  }
  for (const base_url of ['file:///etc/passwd', 'http://me:secret@ollama:11434', 'ftp://ollama']) {
    expect((await call(backend, 'POST', '/api/admin/llm/config', { provider: 'ollama', api_key: '', base_url })).status).toBe(400);
  }
});

it('no secret that was ever made is in the log, at its chattiest', async () => {
  const backend = await startAttacked({ LOG_LEVEL: 'debug' });
  const invitation = JSON.parse((await call(backend, 'POST', '/api/admin/invitations', { role: 'write' })).text) as { token: string };
  const guest = await call({ ...backend, cookie: '' }, 'POST', '/api/auth/accept-invitation', { token: invitation.token, username: 'guest', password: 'the password of the guest' });
  const reset = JSON.parse((await call(backend, 'POST', '/api/admin/users/2/reset-password')).text) as { token: string };
  const apiKey = 'sk-proj-0123456789abcdef';
  const webhook = 'https://hooks.slack.example/services/T0/B0/very-secret';
  await call(backend, 'POST', '/api/admin/llm/config', { provider: 'openai', api_key: apiKey });
  await call(backend, 'POST', '/api/admin/notifications', { provider: 'slack', enabled: true, config: { webhook_url: webhook } });
  await call(backend, 'POST', '/api/auth/login', { username: backend.password, password: 'mistaken for the name' });
  await call(backend, 'GET', `/api/auth/invitation/${invitation.token}`);
  for (const token of [tokenA, 'a-token-that-is-wrong']) {
    await exchange(backend.port, `GET /ws?token=${token} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`, 200);
    await call(backend, 'POST', '/api/security/scan/clear', undefined, { 'x-service-token': token });
  }
  backend.kill('SIGTERM');
  await backend.ended;
  const cookies = [backend.cookie, guest.headers.getSetCookie()[0]!.split(';')[0]!].flatMap((cookie) => cookie.split('=')[1]!.split('.'));
  const secrets = [tokenA, backend.password, 'the password of the guest', 'mistaken for the name', 'a-token-that-is-wrong', invitation.token, reset.token, apiKey, webhook, ...cookies];
  expect(secrets.filter((secret) => backend.output().includes(secret))).toEqual([]);
  expect(secrets.every((secret) => secret.length > 15)).toBe(true);
  expect(backend.output()).toContain('"ended"');
});
