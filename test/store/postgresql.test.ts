import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../backend/config.ts';
import { createMetrics } from '../../backend/metrics.ts';
import { openDatabase } from '../../backend/open-database.ts';
import { openStores } from '../../backend/store/open-stores.ts';
import { openPostgresql } from '../../backend/store/postgresql.ts';
import { systemClock } from '../../shared/clock.ts';
import { createLogger } from '../../shared/log.ts';
import { freePort } from '../fixtures/free-ports.ts';
import { startPostgresql } from '../fixtures/postgresql.ts';
import { startChildBackend } from '../unit/backend/child-backend.ts';
import { asService, findingReport, podReport, startBackend, temporaryDirectory, tokenA, tokenB } from '../unit/backend/harness.ts';
import { password } from '../unit/backend/people.ts';
import { Writers } from '../unit/backend/writers.ts';

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
  const env = { ...(await settings(server.url)), SESSION_SECRET: tokenB };
  let backend = await startChildBackend(env);
  const writers = new Writers(backend.port);
  await writers.signUp();
  const more = async (count: number) => {
    const before = writers.count;
    while (writers.count < before + count) await sleep(10);
  };
  for (let kill = 0; kill < kills; kill += 1) {
    const load = new AbortController();
    const writing = writers.write(`${kill}`, load.signal);
    await more(100);
    if (kill % 2 === 0) {
      await server.kill();
      await server.start();
      await more(50);
    } else {
      backend.kill('SIGKILL');
      await backend.ended;
    }
    load.abort();
    await writing;
    if (kill % 2 === 1) backend = await startChildBackend(env);
    writers.port = backend.port;
  }
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const missing = await writers.missing(async (statement) => (await client.query(statement)).rows);
  await client.end();
  expect({ missing, refused: [...writers.refused].filter((status) => status !== 503) }).toEqual({ missing: [], refused: [] });
}, 1_800_000);

it('answers 200, or 503 with Retry-After, whatever is asked while PostgreSQL restarts', async () => {
  const server = await ownServer();
  const { port } = await startChildBackend({ ...(await settings(server.url)), SESSION_SECRET: tokenB });
  const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  const account = { username: 'admin', password };
  const cookie = { cookie: (await call('POST', '/api/auth/signup', account)).headers.getSetCookie()[0]!.split(';')[0]! };
  const agent = asService(tokenA);
  let turn = 0;
  const requests: Readonly<Record<string, () => Promise<Response>>> = {
    'is there an admin': () => call('GET', '/api/auth/status'),
    'log in': () => call('POST', '/api/auth/login', account),
    'who am I': () => call('GET', '/api/auth/me', undefined, cookie),
    'report a pod': () => call('POST', '/api/pods/failed', podReport({ pod_name: `web-${(turn += 1)}` }), agent),
    'dismiss a pod': () => call('POST', '/api/pods/dismiss-deleted', { namespace: 'shop', pod_name: `web-${turn}` }, agent),
    'report a finding': () => call('POST', '/api/security/findings', findingReport({ title: `title ${turn}` }), agent),
    'list of the agent': () => call('GET', '/api/admin/excluded-pods', undefined, agent),
    'list of people': () => call('GET', '/api/pods/history', undefined, cookie),
    'findings': () => call('GET', '/api/security/findings', undefined, cookie),
    'exclude': () => call('POST', '/api/admin/excluded-namespaces', { namespace: 'elsewhere' }, cookie),
    'invite': () => call('POST', '/api/admin/invitations', { role: 'read' }, cookie),
    'retention': () => call('PUT', '/api/admin/settings/history-retention', { minutes: 60 }, cookie),
    'language model': () => call('GET', '/api/admin/llm/status', undefined, cookie),
    'channels': () => call('GET', '/api/admin/notifications', undefined, cookie),
  };
  const good = new Map<string, number>();
  const bad = new Set<string>();
  const load = new AbortController();
  const clients = Object.entries(requests).map(async ([name, send]) => {
    while (!load.signal.aborted) {
      const answer = await send();
      await answer.arrayBuffer();
      if (answer.status === 200) good.set(name, (good.get(name) ?? 0) + 1);
      else if (answer.status !== 503 || answer.headers.get('retry-after') === null) bad.add(`${name}: ${answer.status}`);
    }
  });
  const someOfEach = async () => {
    good.clear();
    while (Object.keys(requests).some((name) => (good.get(name) ?? 0) < 3) && bad.size === 0) await sleep(10);
  };
  for (let restart = 0; restart < Number(process.env['RESTARTS'] ?? 4); restart += 1) {
    await someOfEach();
    await (restart % 2 === 0 ? server.shutDown() : server.kill());
    await server.start();
  }
  await someOfEach();
  load.abort();
  await Promise.all(clients);
  expect([...bad]).toEqual([]);
}, 600_000);

it('puts requests off while PostgreSQL is away, and serves again when it is back', async () => {
  const server = await ownServer();
  const { port } = await startChildBackend(await settings(server.url));
  expect(await post(port, 'before')).toBe(200);
  await server.kill();
  const reports = Array.from({ length: 20 }, (_, index) => report(port, `meanwhile ${index}`));
  const answers = await Promise.all([...reports, fetch(`http://127.0.0.1:${port}/api/auth/status`)]);
  expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get('retry-after')}`))).toEqual(new Set(['503 2']));
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
  const { failure } = await one.stores.podFailures.save(podReport());
  const noted = await one.stores.podFailures.changeStatus(failure.id, ['new'], 'investigating', '', 'a\0b');
  expect(noted?.resolution_note).toBe('a\u{fffd}b');
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

it('lets a migration take longer than a statement of a request may, and answers probes meanwhile', async () => {
  const { url } = await ownServer();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const isLong = "current_query() like '%index pod_failures_unresolved%'";
  await client.query(`create function slow() returns event_trigger language plpgsql as $$ begin if ${isLong} then perform pg_sleep(31); end if; end $$`);
  await client.query('create event trigger slow on ddl_command_start execute function slow()');
  await client.end();
  const port = await freePort();
  const config = readConfig({ ...(await settings(url)), HOST: '127.0.0.1', PORT: String(port) });
  const opening = openDatabase(config, { metrics: createMetrics(), clock: systemClock, log: createLogger('test', 'silent') });
  const ready = () => fetch(`http://127.0.0.1:${port}/ready`).then((answer) => answer.text()).catch(() => '');
  while (!(await ready()).includes('it is being brought to the form')) await sleep(100);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  const stores = await opening;
  onTestFinished(() => stores.close());
  await stores.appSettings.write('key', 'value', '');
  expect(await stores.appSettings.read('key')).toBe('value');
}, 90_000);

function pass(from: Socket, to: Socket, generation: { readonly isSilent: boolean }): void {
  from.on('data', (chunk) => void (generation.isSilent || to.write(chunk)));
  from.on('close', () => void (generation.isSilent || to.destroy()));
  from.on('error', () => from.destroy());
  onTestFinished(() => void from.destroy());
}

/** Forwards to PostgreSQL until it is silenced: what is connected then hears nothing more, not even that it is over. */
async function silenceable(url: string) {
  const { port, hostname } = new URL(url);
  const generations = [{ isSilent: false }];
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    pass(client, upstream, generations.at(-1)!);
    pass(upstream, client, generations.at(-1)!);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  const silence = () => {
    generations.at(-1)!.isSilent = true;
    generations.push({ isSilent: false });
  };
  return { url: through.href, silence };
}

it('gives up a connection that has fallen silent, and goes on by another one', async () => {
  const { url, silence } = await silenceable((await ownServer()).url);
  const database = await openPostgresql({ url, onLost: () => {}, onUse: () => {}, silentMs: 500 });
  const stores = await openStores(database, 'postgresql');
  onTestFinished(() => stores.close());
  const write = () => stores.appSettings.write('key', 'value', '');
  const read = () => stores.appSettings.read('key');
  await Promise.all([write(), read()]);
  silence();
  for (const outcome of await Promise.allSettled([write(), read(), write()])) expect(outcome).toMatchObject({ reason: { name: 'DatabaseError' } });
  await write();
  expect(await read()).toBe('value');
}, 20_000);
