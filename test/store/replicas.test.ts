import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock, type Clock } from '../../shared/clock.ts';
import { startPostgresql } from '../fixtures/postgresql.ts';
import { soon } from '../fixtures/soon.ts';
import { startChildBackend } from '../unit/backend/child-backend.ts';
import { asService, findingReport, listen, podReport, startBackend, temporaryDirectory, tokenA, tokenB, type Backend } from '../unit/backend/harness.ts';
import { openLive, sessionCookie, type LiveMessage } from '../unit/backend/live-client.ts';
import { password, Person, signUp } from '../unit/backend/people.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** For programs that lose their database, and find it again. */
const patient = { timeout: 30_000 };

const isChannel = sql`datname = current_database() and application_name = 'kure-backend-live'`;

/** So many have listened and then said what they have to say at their start. */
async function speaking({ database }: Backend, replicas: number): Promise<void> {
  const count = sql<{ count: number }>`select count(*) as count from pg_stat_activity where ${isChannel} and query like 'select pg_notify%'`;
  while ((await count.execute(database)).rows[0]?.count !== replicas) await sleep(10);
}

/** Each has heard what the other one had to say. */
async function acquainted(one: Backend, two: Backend): Promise<void> {
  await speaking(one, 2);
  const heard = [one, two].map(({ feed }) => new Promise<void>((resolve) => feed.onTold(({ origin }) => origin === 'elsewhere' && resolve())));
  for (const { feed } of [one, two]) feed.tell('account_change', {});
  await Promise.all(heard);
}

/** Two that share a database, and an admin who is logged in at both. */
async function startReplicas(clock: Clock = systemClock) {
  const options = { directory: await temporaryDirectory(), isReplica: true, clock };
  const [one, two] = [await startBackend(options), await startBackend(options)];
  await acquainted(one, two);
  const admin = await signUp(one);
  const addresses = [await listen(one), await listen(two)] as const;
  return { one, two, admin, adminAtTwo: new Person(two, admin.cookie), cookie: sessionCookie(admin.cookie), addresses };
}

const asAgent = { headers: asService(tokenA) };

const ofType = (messages: readonly LiveMessage[], type: string) => messages.filter((message) => message.type === type);

const isWaiting = sql`datname = current_database() and locktype = 'advisory' and not granted`;

/** Process ids of the server, of those who wait to write. */
async function waitingToWrite({ database }: Backend): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`select pid from pg_locks join pg_database on pg_database.oid = database where ${isWaiting}`.execute(database);
  return rows.map(({ pid }) => pid);
}

/** Asks `two` while `one` is writing, calls `then` with the process id of what waits for it, and returns the status of the answer. */
async function askWhileWriting({ one, two }: { one: Backend; two: Backend }, ask: () => Promise<{ statusCode: number }>, then: (pid: number) => Promise<unknown>) {
  const asked = await one.database.transaction().execute(async () => {
    const answer = ask().then(({ statusCode }) => statusCode);
    const pid = await vi.waitUntil(async () => (await waitingToWrite(two))[0], soon);
    await then(pid);
    return { answer };
  });
  return asked.answer;
}

it('writes findings in one statement, and waits with it for a replica that writes', async () => {
  const { one, two } = await startReplicas();
  const report = () => two.app.inject({ method: 'POST', url: '/api/security/findings', payload: findingReport(), ...asAgent });
  let statement = '';
  const look = async (pid: number) => {
    const { rows } = await sql<{ query: string }>`select query from pg_stat_activity where pid = ${pid}`.execute(one.database);
    statement = rows[0]?.query.trim() ?? '';
  };
  expect(await askWhileWriting({ one, two }, report, look)).toBe(200);
  expect(statement).toMatch(/^insert into "security_findings"/);
});

it('leaves no transaction open where a wait to write has been ended', async () => {
  const { one, two, adminAtTwo } = await startReplicas();
  const exclude = () => adminAtTwo.call('POST', '/api/admin/excluded-pods', { pod_name: 'web-1' });
  const cancel = (pid: number) => sql`select pg_cancel_backend(${pid})`.execute(one.database);
  expect(await askWhileWriting({ one, two }, exclude, cancel)).toBe(503);
  const open = sql<{ count: number }>`select count(*) as count from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
  expect((await open.execute(one.database)).rows[0]?.count).toBe(0);
  expect((await exclude()).statusCode).toBeLessThan(300);
});

it('tells people at one replica what has happened at the other, of any size, after the commit', async () => {
  const { admin, cookie, addresses } = await startReplicas();
  const [here, elsewhere] = [await openLive(addresses[0], cookie), await openLive(addresses[1], cookie)];
  const manifest = 'ä\0'.repeat(500_000);
  await admin.call('POST', '/api/pods/failed', podReport({ manifest }), asAgent);
  await admin.call('POST', '/api/security/findings', findingReport({ title: 'Ünsafe' }), asAgent);
  await admin.call('DELETE', '/api/pods/failed/1');
  await admin.call('DELETE', '/api/security/findings/resource/Pod/shop/web-1', undefined, asAgent);
  await admin.call('DELETE', '/api/pods/records/1');
  const told = ['pod_failure', 'security_finding', 'pod_status_change', 'security_finding_deleted', 'pod_record_deleted'];
  await vi.waitFor(() => expect(here.types()).toEqual(told), soon);
  await vi.waitFor(() => expect(elsewhere.types()).toContain('pod_record_deleted'), soon);
  expect(ofType(elsewhere.messages, 'security_finding_deleted')).toEqual(ofType(here.messages, 'security_finding_deleted'));
  await admin.call('POST', '/api/pods/failed', podReport({ manifest }), asAgent);
  await vi.waitFor(() => expect(elsewhere.messages.at(-1)).toMatchObject({ type: 'pod_failure', data: { id: 2 } }), soon);
  expect(elsewhere.messages.at(-1)?.data['manifest']).toBe(manifest.replaceAll('\0', '\u{fffd}'));
});

it('tells agents and scanners what they act on, also where nobody else listens', async () => {
  const { admin, addresses } = await startReplicas();
  const scanner = await openLive(addresses[1], {}, `?token=${tokenA}`);
  await admin.call('POST', '/api/pods/failed', podReport(), asAgent);
  await admin.call('POST', '/api/admin/excluded-pods', { pod_name: 'web-1' });
  await admin.call('POST', '/api/security/rescan');
  await vi.waitFor(() => expect(scanner.types()).toEqual(['pod_exclusion_change', 'security_rescan_request']), soon);
  expect(scanner.messages[0]?.data).toEqual({ pod_name: 'web-1', action: 'excluded' });
});

it('ends with the newest state at both, however often both change the same row at once', async () => {
  const { one, two, admin, adminAtTwo, cookie, addresses } = await startReplicas();
  const sockets = [await openLive(addresses[0], cookie), await openLive(addresses[1], cookie)];
  await admin.call('POST', '/api/pods/failed', podReport(), asAgent);
  for (let round = 1; round <= 25; round += 1) {
    const changes = [admin, adminAtTwo].flatMap((person) => [
      person.status('DELETE', '/api/pods/failed/1'),
      person.status('PUT', '/api/pods/ignored/1/restore'),
      person.status('DELETE', '/api/pods/failed/1'),
    ]);
    expect(new Set(await Promise.all(changes))).toEqual(new Set([200]));
    const { status } = (await one.stores.podFailures.find(1))!;
    for (const { feed } of [one, two]) feed.tell('account_change', {});
    for (const { messages } of sockets) {
      await vi.waitFor(() => expect(ofType(messages, 'account_change')).toHaveLength(2 * round), soon);
      const last = messages.findLast(({ data }) => data['id'] === 1);
      expect(last?.data['status']).toBe(status);
    }
    expect(await admin.status('PUT', '/api/pods/ignored/1/restore')).toBe(200);
  }
});

it('holds at once to a suppression that was made at the other replica', async () => {
  const still: Clock = { ...systemClock, now: () => 1_800_000_000_000 };
  const { two, admin, addresses } = await startReplicas(still);
  const agent = await openLive(addresses[1], {}, `?token=${tokenA}`);
  const report = async () => (await two.app.inject({ method: 'POST', url: '/api/pods/failed', payload: podReport(), ...asAgent })).json<{ id: number }>().id;
  expect(await report()).toBe(1);
  await admin.call('POST', '/api/admin/excluded-pods', { pod_name: 'web-1' });
  await vi.waitFor(() => expect(agent.types()).toContain('pod_exclusion_change'), soon);
  expect(await report()).toBe(0);
});

it('closes the sockets of a session that was ended at the other replica, without looking for it', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { admin, cookie, addresses } = await startReplicas();
  const socket = await openLive(addresses[1], cookie);
  await admin.call('POST', '/api/auth/logout');
  expect(await socket.closed).toBe(1008);
});

it('lets everybody connect again after its connection was cut, and hears the others from then on', async () => {
  const { one, admin, cookie, addresses } = await startReplicas();
  const [person, agent] = [await openLive(addresses[1], cookie), await openLive(addresses[1], {}, `?token=${tokenA}`)];
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where ${isChannel}`.execute(one.database);
  // Told while there is no connection: those who are connected are told after it is mended, or connect again.
  await admin.call('POST', '/api/pods/failed', podReport(), asAgent);
  expect(await Promise.all([person.closed, agent.closed])).toEqual([1012, 1012]);
  const again = await openLive(addresses[1], cookie);
  await admin.call('POST', '/api/pods/failed', podReport({ pod_name: 'web-2' }), asAgent);
  await vi.waitFor(() => expect(again.messages.at(-1)).toMatchObject({ type: 'pod_failure', data: { pod_name: 'web-2' } }), soon);
});

it('lets everybody connect again when a replica has started: it may be there in place of one that was killed', async () => {
  const directory = await temporaryDirectory();
  const one = await startBackend({ directory, isReplica: true });
  await speaking(one, 1);
  const socket = await openLive(await listen(one), {}, `?token=${tokenA}`);
  await startBackend({ directory, isReplica: true });
  expect(await socket.closed).toBe(1012);
});

it('lets everybody at the other replicas connect again where something is too long to be passed on', async () => {
  const { admin, cookie, addresses } = await startReplicas();
  const [here, elsewhere] = [await openLive(addresses[0], cookie), await openLive(addresses[1], cookie)];
  await admin.call('POST', '/api/security/rescan-status', { status: 'started', reason: 'long '.repeat(2_000) }, asAgent);
  expect(await elsewhere.closed).toBe(1012);
  expect(here.types()).toEqual(['security_rescan_status']);
});

it('is the program that does so: messages cross before and after a restart of PostgreSQL', async () => {
  const server = await startPostgresql({ durable: true });
  onTestFinished(() => server.remove());
  const env = { SERVICE_TOKEN: tokenA, SESSION_SECRET: tokenB, DATABASE_URL: server.url };
  const [one, two] = await Promise.all([1, 2].map(async () => startChildBackend({ ...env, DATA_DIR: await temporaryDirectory() })));
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${one!.port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const signedUp = await post('/api/auth/signup', { username: 'admin', password });
  const cookie = { cookie: signedUp.headers.getSetCookie()[0]!.split(';')[0]! };
  // Whoever is told to connect again does so; a message that is lost without a word is not waited for twice.
  const hears = (pod: string) =>
    vi.waitFor(async () => {
      const socket = await openLive(`127.0.0.1:${two!.port}`, cookie);
      expect((await post('/api/pods/failed', podReport({ pod_name: pod }), asService(tokenA))).status).toBe(200);
      const toldToLeave = socket.closed.then((code) => Promise.reject(new Error(`closed with ${String(code)}`)));
      const message = vi.waitFor(() => expect(socket.messages.at(-1)).toMatchObject({ type: 'pod_failure', data: { pod_name: pod } }), patient);
      await Promise.race([toldToLeave, message]);
      return socket;
    }, patient);
  const before = await hears('web-1');
  await server.kill();
  await server.start();
  expect(await before.closed).toBe(1012);
  await hears('web-2');
}, 120_000);
