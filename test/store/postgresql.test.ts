import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { freePort, startPostgresql } from '../fixtures/postgresql.ts';
import { startChildBackend } from '../unit/backend/child-backend.ts';
import { asService, findingReport, startBackend, temporaryDirectory, tokenA } from '../unit/backend/harness.ts';

async function ownServer() {
  const server = await startPostgresql({ durable: true });
  onTestFinished(() => server.remove());
  return server;
}

async function report(port: number, title: string): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/security/findings`, {
    method: 'POST',
    headers: { ...asService(tokenA), 'content-type': 'application/json' },
    body: JSON.stringify(findingReport({ title })),
  });
  await answer.arrayBuffer();
  return answer;
}

const post = async (port: number, title: string): Promise<number> => (await report(port, title)).status;

const admin = (username: string) => ({ username, foldedName: username, passwordHash: 'x', email: null, at: '' });

const settings = async (url: string) => ({ DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: tokenA, DATABASE_URL: url });

it('keeps what was answered 200 when PostgreSQL and the backend are killed under load, and goes on by itself', async () => {
  const kills = Number(process.env['KILLS'] ?? 4);
  const server = await ownServer();
  const env = await settings(server.url);
  const answered: string[] = [];
  const refused = new Set<number>();
  let backend = await startChildBackend(env);
  for (let kill = 0; kill < kills; kill += 1) {
    const before = answered.length;
    const load = new AbortController();
    const { port } = backend;
    const clients = Array.from({ length: 8 }, async (_, client) => {
      for (let turn = 0; !load.signal.aborted; turn += 1) {
        const title = `${kill}-${client}-${turn}`;
        const status = await post(port, title).catch(() => undefined);
        if (status === 200) answered.push(title);
        else {
          if (status !== undefined) refused.add(status);
          await sleep(10);
        }
      }
    });
    while (answered.length < before + 50) await sleep(10);
    if (kill % 2 === 0) {
      await server.kill();
      await server.start();
      const sinceStart = answered.length;
      while (answered.length < sinceStart + 50) await sleep(10);
    } else {
      backend.kill('SIGKILL');
      await backend.ended;
    }
    load.abort();
    await Promise.all(clients);
    if (kill % 2 === 1) backend = await startChildBackend(env);
  }
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query<{ title: string }>('select title from security_findings');
  await client.end();
  const stored = new Set(rows.map(({ title }) => title));
  expect(answered.filter((title) => !stored.has(title))).toEqual([]);
  expect([...refused].filter((status) => status !== 503)).toEqual([]);
}, 600_000);

it('puts requests off while PostgreSQL is away, and serves again when it is back', async () => {
  const server = await ownServer();
  const { port } = await startChildBackend(await settings(server.url));
  expect(await post(port, 'before')).toBe(200);
  await server.kill();
  const answers = await Promise.all([report(port, 'meanwhile'), fetch(`http://127.0.0.1:${port}/api/auth/status`)]);
  expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([[503, '2'], [503, '2']]);
  await server.start();
  expect(await post(port, 'after')).toBe(200);
});

it('says what to do about a password that is refused, without the password', async () => {
  const server = await ownServer();
  const wrong = server.url.replace('p%40ss', 'not-this');
  const failure = await startChildBackend(await settings(wrong)).catch(String);
  expect(failure).toContain('PostgreSQL refused the password: check the one in DATABASE_URL');
  expect(failure).not.toContain('not-this');
});

it('stores what text cannot hold in another form, and makes one first admin on two replicas', async () => {
  const directory = await temporaryDirectory();
  const [one, two] = [await startBackend({ directory }), await startBackend({ directory })];
  const added = await Promise.all([one.stores.users.addFirstAdmin(admin('a')), two.stores.users.addFirstAdmin(admin('b'))]);
  expect(added.filter((user) => user !== undefined)).toHaveLength(1);
  await one.stores.findings.save({ ...findingReport({ title: 'nul' }), description: 'a\0b' });
  expect((await two.stores.findings.list(false)).map(({ description }) => description)).toEqual(['a\u{fffd}b']);
});

it('counts failed logins of two programs together', async () => {
  const env = await settings((await ownServer()).url);
  const programs = [await startChildBackend(env), await startChildBackend(env)];
  const logIn = async (turn: number): Promise<number> => {
    const body = JSON.stringify({ username: 'nobody', password: 'wrong' });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`http://127.0.0.1:${programs[turn % 2]!.port}/api/auth/login`, { method: 'POST', headers, body })).status;
  };
  const answers = await Promise.all(Array.from({ length: 8 }, (_, turn) => logIn(turn)));
  expect(answers.filter((status) => status === 401)).toHaveLength(5);
  expect(answers.filter((status) => status === 429)).toHaveLength(3);
  expect([await logIn(0), await logIn(1)]).toEqual([429, 429]);
});

it('waits for a PostgreSQL that is not there yet, and says so where readiness is asked for', async () => {
  const server = await ownServer();
  await server.kill();
  const port = await freePort();
  const starting = startChildBackend({ ...(await settings(server.url)), PORT: String(port) });
  const ready = () => fetch(`http://127.0.0.1:${port}/ready`).then((answer) => answer.text()).catch(() => '');
  while (!(await ready()).includes('PostgreSQL cannot be reached')) await sleep(20);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  await server.start();
  await starting;
  expect(await post(port, 'patient')).toBe(200);
});
