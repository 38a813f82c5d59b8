import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startChildBackend } from './child-backend.ts';
import { asService, podReport, temporaryDirectory, tokenA, tokenB, tokenC } from './harness.ts';

const authApiKey = 'the-old-api-key-of-2.2';

it('writes no secret, whoever sends it and wherever it stands', { timeout: 30_000 }, async () => {
  const env = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: tokenA, SESSION_SECRET: tokenB, AUTH_API_KEY: authApiKey };
  const backend = await startChildBackend({ ...env, LOG_LEVEL: 'trace', DRAIN_SECONDS: '0' });
  const base = `http://127.0.0.1:${backend.port}`;
  const json = { 'content-type': 'application/json' };
  for (const token of [tokenA, tokenB, tokenC]) {
    const calls: [string, RequestInit][] = [
      [`/api/pods/failed?token=${token}`, { headers: asService(token) }],
      [`/nowhere?token=${token}`, {}],
      [`/%zz?token=${token}`, {}],
      [`/api/pods/failed`, { method: 'POST', headers: { ...asService(tokenA), ...json }, body: `{"${token}` }],
      [`/api/pods/failed`, { method: 'POST', headers: { ...asService(tokenA), ...json }, body: JSON.stringify({ phase: [token] }) }],
      [`/api/pods/failed`, { method: 'POST', headers: { ...asService(tokenA), 'content-type': token }, body: '{}' }],
    ];
    for (const [path, init] of calls) {
      const body = await (await fetch(base + path, init)).text();
      expect(body).not.toContain(token);
    }
    const socket = new WebSocket(`ws://127.0.0.1:${backend.port}/ws?token=${token}`);
    await new Promise((resolve) => void socket.once('open', resolve).once('error', resolve));
    for (const path of ['/health', '/nowhere', '/%zz']) {
      const elsewhere = new WebSocket(`ws://127.0.0.1:${backend.port}${path}?token=${token}`);
      await new Promise((resolve) => void elsewhere.once('close', resolve).once('error', resolve));
    }
  }
  const report = { method: 'POST', headers: { ...asService(tokenA), ...json }, body: JSON.stringify(podReport()) };
  expect((await fetch(`${base}/api/pods/failed`, report)).status).toBe(200);
  backend.kill('SIGTERM');
  expect(await backend.ended).toBe(0);
  for (const secret of [tokenA, tokenB, tokenC, authApiKey]) expect(backend.output()).not.toContain(secret);
  expect(backend.output().match(/AUTH_API_KEY has no effect/g)).toHaveLength(1);
});

it('writes nothing of what people enter, and no session', { timeout: 30_000 }, async () => {
  const backend = await startChildBackend({ DATA_DIR: await temporaryDirectory(), LOG_LEVEL: 'trace', DRAIN_SECONDS: '0' });
  const base = `http://127.0.0.1:${backend.port}`;
  const [password, apiKey, hook] = ['correct-horse-battery', 'sk-proj-0123456789', 'https://hooks.example/very/secret'];
  let cookie = '';
  const post = async (path: string, body: object): Promise<{ status: number; text: string }> => {
    const headers = { 'content-type': 'application/json', cookie };
    const answer = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) });
    cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie;
    return { status: answer.status, text: await answer.text() };
  };
  const answers = [
    await post('/api/auth/signup', { username: 'admin', password }),
    await post('/api/auth/login', { username: 'admin', password }),
    await post('/api/admin/llm/config', { provider: 'openai', api_key: apiKey }),
    await post('/api/admin/notifications', { provider: 'slack', enabled: true, config: { webhook_url: hook } }),
    await post('/api/auth/login', { username: 'admin', password: [password] }),
    await post('/api/admin/llm/config', { provider: apiKey, api_key: apiKey }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 422, 400]);
  const invitation = JSON.parse((await post('/api/admin/invitations', { role: 'read' })).text) as { token: string };
  await fetch(`${base}/api/auth/invitation/${invitation.token}`);
  backend.kill('SIGTERM');
  expect(await backend.ended).toBe(0);
  for (const secret of [password, apiKey, hook, cookie.split('=')[1]!, invitation.token]) {
    for (const written of [backend.output(), ...answers.map(({ text }) => text)]) expect(written).not.toContain(secret);
  }
});

it('works with no configuration: it makes its secrets, keeps them and prints none', { timeout: 30_000 }, async () => {
  const directory = join(await temporaryDirectory(), 'data');
  const first = await startChildBackend({ DATA_DIR: directory });
  const token = await readFile(join(directory, 'service-token'), 'utf8');
  expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
  expect((await stat(join(directory, 'service-token'))).mode & 0o777).toBe(0o600);
  const second = await startChildBackend({ DATA_DIR: directory });
  expect(await readFile(join(directory, 'service-token'), 'utf8')).toBe(token);
  for (const backend of [first, second]) {
    const answer = await fetch(`http://127.0.0.1:${backend.port}/api/pods/failed`, { headers: asService(token) });
    expect(answer.status).toBe(200);
    expect(backend.output()).not.toContain(token);
  }
  expect((await readdir(directory)).filter((name) => !name.startsWith('kure.db')).toSorted()).toEqual(['encryption-key', 'service-token', 'session-secret']);
});

it('never falls back to SERVICE_TOKEN because the Secrets cannot be read', { timeout: 30_000 }, async () => {
  const directory = await temporaryDirectory();
  const kubeconfig = join(directory, 'kubeconfig');
  const cluster = { name: 'away', cluster: { server: 'https://127.0.0.1:1' } };
  const context = { name: 'away', context: { cluster: 'away', user: 'nobody' } };
  const users = [{ name: 'nobody', user: {} }];
  await writeFile(kubeconfig, JSON.stringify({ clusters: [cluster], contexts: [context], users, 'current-context': 'away' }));
  const backend = await startChildBackend({
    DATA_DIR: directory,
    KUBECONFIG: kubeconfig,
    SERVICE_TOKEN: tokenA,
    BOOTSTRAP_SECRET: 'kure-bootstrap',
    KEYRING_SECRET: 'kure-keyring',
  });
  const base = `http://127.0.0.1:${backend.port}`;
  expect((await fetch(`${base}/api/pods/failed`, { headers: asService(tokenA) })).status).toBe(503);
  const ready = await fetch(`${base}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain('the Secrets kure-bootstrap and kure-keyring have not been read');
  expect((await fetch(`${base}/health`)).status).toBe(200);
});

it('names every mistake in the settings at once, and no value', () => {
  const env = { PORT: 'eighty', LOG_LEVEL: 'loud', DRAIN_SECONDS: '-1', KEYRING_SECRET: 'kure-keyring', SERVICE_TOKEN: tokenA };
  const { status, stderr } = spawnSync(process.execPath, ['backend/main.ts'], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  for (const name of ['PORT', 'LOG_LEVEL', 'DRAIN_SECONDS', 'BOOTSTRAP_SECRET']) expect(stderr).toContain(name);
  for (const value of ['eighty', 'loud', tokenA]) expect(stderr).not.toContain(value);
});

it.each([
  ['a file of something else', async (directory: string) => writeFile(join(directory, 'kure.db'), 'x'.repeat(5_000)), '', /^The database \S+kure\.db cannot be opened \(file is not a database\): check that DATA_DIR/],
  ['a folder in place of the file', async (directory: string) => mkdir(join(directory, 'kure.db')), '', /^The database \S+kure\.db cannot be opened \(unable to open database file\): check/],
  ['a file in place of the folder', async (directory: string) => writeFile(join(directory, 'data'), ''), 'data', /^The folder \S+data cannot be made \(EEXIST: .*\): check/],
])('says in one sentence what is wrong with its data: %s', async (_, spoil, name, sentence) => {
  const directory = await temporaryDirectory();
  await spoil(directory);
  const { status, stderr } = spawnSync(process.execPath, ['backend/main.ts'], { env: { DATA_DIR: join(directory, name), PORT: '0' }, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
});
