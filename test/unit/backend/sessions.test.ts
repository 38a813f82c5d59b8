import { describe, expect, it } from 'vitest';
import { listen, startBackend, temporaryDirectory, tokenB, tokenC } from './harness.ts';
import type { ListedSession } from '../../../shared/contract/accounts.ts';
import { soon } from '../../fixtures/soon.ts';
import { openLive, sessionCookie } from './live-client.ts';
import { invite, MovableClock, Person, signUp } from './people.ts';

const day = 86_400_000;

async function loginCookie(backend: Awaited<ReturnType<typeof startBackend>>, headers: Record<string, string>) {
  const answer = await new Person(backend).logIn('admin', undefined, { headers, remoteAddress: '10.0.0.9' });
  return String(answer.headers['set-cookie']);
}

describe('the cookie', () => {
  it('is HttpOnly, SameSite=Lax, for all paths, and says how long it lasts', async () => {
    const backend = await startBackend();
    await signUp(backend);
    expect(await loginCookie(backend, {})).toMatch(/^kure_session=[\w-]{43}\.[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
  });

  it('is Secure when a trusted proxy says that the browser speaks HTTPS, and only then', async () => {
    const headers = { 'x-forwarded-proto': 'https' };
    const trusting = await startBackend({ trustedProxies: ['10.0.0.0/8'] });
    await signUp(trusting);
    expect(await loginCookie(trusting, headers)).toMatch(/; Secure$/);
    expect(await loginCookie(trusting, {})).not.toContain('Secure');
    const wary = await startBackend();
    await signUp(wary);
    expect(await loginCookie(wary, headers)).not.toContain('Secure');
  });

  it('that is forged, cut, empty or another session\'s signature opens nothing', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const other = new Person(backend);
    await other.logIn('admin');
    const [id = '', signature = ''] = admin.cookie!.split('.');
    const forged = ['', '.', id, `${id}.`, `.${signature}`, `${id}.${other.cookie!.split('.')[1]}`, `${id}x.${signature}`, `${id}.${signature}.x`, 'ä', 'x'.repeat(7_000)];
    for (const cookie of forged) {
      const answer = await new Person(backend, cookie).call('GET', '/api/auth/me');
      expect({ cookie, status: answer.statusCode }).toEqual({ cookie, status: 401 });
    }
    expect(await admin.isIn()).toBe(true);
  });

  it('holds an id that the database knows only as a hash', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const rows = JSON.stringify(await backend.database.selectFrom('sessions').selectAll().execute());
    for (const part of admin.cookie!.split('.')) expect(rows).not.toContain(part);
  });
});

describe('a session', () => {
  it('ends with logging out, for whoever copied the cookie, too', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const copy = new Person(backend, admin.cookie);
    const answer = await admin.call('POST', '/api/auth/logout');
    expect(answer.statusCode).toBe(204);
    expect(answer.headers['set-cookie']).toMatch(/^kure_session=; Path=\/; Max-Age=0/);
    expect(await copy.isIn()).toBe(false);
  });

  it('is a new one after logging in, and the one before ends', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const planted = new Person(backend, admin.cookie);
    await admin.logIn('admin');
    expect(admin.cookie).not.toBe(planted.cookie);
    expect(await planted.isIn()).toBe(false);
    expect(await admin.isIn()).toBe(true);
  });

  it('ends on every replica when the session secret changes', async () => {
    const directory = await temporaryDirectory();
    const replicas = [await startBackend({ directory }), await startBackend({ directory })];
    const admin = await signUp(replicas[0]!);
    const elsewhere = new Person(replicas[1]!, admin.cookie);
    expect(await elsewhere.isIn()).toBe(true);
    for (const { sessionSecret } of replicas) {
      sessionSecret.sawBootstrap({ resourceVersion: '5', serviceToken: tokenB, sessionSecret: tokenC, isBlindRender: false });
    }
    expect(await admin.isIn()).toBe(false);
    expect(await elsewhere.isIn()).toBe(false);
  });

  it('lasts while it is used, ends after seven idle days, and after thirty in any case', async () => {
    const clock = new MovableClock();
    const backend = await startBackend({ clock });
    const admin = await signUp(backend);
    const idle = new Person(backend);
    await idle.logIn('admin');
    clock.aheadMs = 6 * day;
    const answer = await admin.call('GET', '/api/auth/me');
    expect(answer.headers['set-cookie']).toMatch(/Max-Age=604800/);
    expect((await admin.call('GET', '/api/auth/me')).headers['set-cookie']).toBeUndefined();
    clock.aheadMs = 8 * day;
    expect(await idle.isIn()).toBe(false);
    for (const days of [8, 14, 20, 26, 29.9]) {
      clock.aheadMs = days * day;
      expect({ days, isIn: await admin.isIn() }).toEqual({ days, isIn: true });
    }
    clock.aheadMs = 30.1 * day;
    expect(await admin.isIn()).toBe(false);
  });

  it('has the role that its user has now', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const other = await invite(backend, admin, 'admin', 'other');
    expect(await other.status('GET', '/api/admin/users')).toBe(200);
    await admin.call('PATCH', '/api/admin/users/2', { role: 'write' });
    expect(await other.status('GET', '/api/admin/users')).toBe(403);
  });
});

const sessionsOf = async (person: Person): Promise<ListedSession[]> => (await person.call('GET', '/api/auth/sessions')).json();

/** An admin in two browsers. */
async function twoBrowsers(options?: Parameters<typeof startBackend>[0]) {
  const backend = await startBackend(options);
  const here = await signUp(backend);
  const there = new Person(backend);
  await there.logIn('admin', undefined, { headers: { 'user-agent': 'Another/1.0' } });
  const shown = (await sessionsOf(here)).find(({ is_current }) => !is_current)!;
  return { backend, here, there, shown };
}

describe('one\'s own sessions', () => {
  it('are shown to oneself alone, with what tells them apart and nothing that opens them', async () => {
    const { backend, here, there, shown } = await twoBrowsers();
    const guest = await invite(backend, here, 'read', 'guest');
    expect(await sessionsOf(guest)).toHaveLength(1);
    expect(shown).toMatchObject({ browser: 'Another/1.0', is_current: false });
    expect(Date.parse(shown.expires_at) - Date.parse(shown.created_at)).toBe(7 * day);
    const answer = (await here.call('GET', '/api/auth/sessions')).body;
    const rows = await backend.database.selectFrom('sessions').selectAll().execute();
    const secrets = [...here.cookie!.split('.'), ...there.cookie!.split('.'), ...rows.flatMap(({ key, signed_under }) => [key, signed_under!])];
    for (const secret of secrets) expect(answer).not.toContain(secret);
    for (const cookie of [shown.id, `${shown.id}.${there.cookie!.split('.')[1]}`]) expect(await new Person(backend, cookie).isIn()).toBe(false);
  });

  it('say of a browser what can be printed, and not more than 256 characters', async () => {
    const { here } = await twoBrowsers();
    for (const [userAgent, browser] of [['\tA\u0000b\u00e9\u202e<i>', 'Ab<i>'], ['x'.repeat(4_000), 'x'.repeat(256)], ['\u00e9', null]] as const) {
      await here.logIn('admin', undefined, { headers: { 'user-agent': userAgent } });
      expect((await sessionsOf(here)).find(({ is_current }) => is_current)).toMatchObject({ browser });
    }
  });

  it('end one at a time, for its cookie and its open WebSocket, and not again', async () => {
    const { backend, here, there, shown } = await twoBrowsers();
    const address = await listen(backend);
    const [own, other] = [await openLive(address, sessionCookie(here.cookie)), await openLive(address, sessionCookie(there.cookie))];
    const replayed = new Person(backend, there.cookie);
    expect(await here.status('DELETE', `/api/auth/sessions/${shown.id}`)).toBe(200);
    expect(await other.closed).toBe(1008);
    expect(await replayed.isIn()).toBe(false);
    expect(await here.status('DELETE', `/api/auth/sessions/${shown.id}`)).toBe(404);
    await here.call('POST', '/api/security/rescan');
    await expect.poll(() => own.types(), soon).toEqual(['security_rescan_request']);
  });

  it('of somebody else are not there, whoever asks', async () => {
    const { backend, here, there, shown } = await twoBrowsers();
    const guest = await invite(backend, here, 'admin', 'guest');
    const [theirs] = await sessionsOf(guest);
    expect(await guest.status('DELETE', `/api/auth/sessions/${shown.id}`)).toBe(404);
    expect(await here.status('DELETE', `/api/auth/sessions/${theirs!.id}`)).toBe(404);
    await guest.call('DELETE', '/api/auth/sessions');
    expect(await Promise.all([here, there, guest].map((person) => person.isIn()))).toEqual([true, true, true]);
  });

  it('end all at once but the one that asks', async () => {
    const { backend, here, there } = await twoBrowsers();
    const guest = await invite(backend, here, 'read', 'guest');
    expect(await here.status('DELETE', '/api/auth/sessions')).toBe(200);
    expect(await Promise.all([here, there, guest].map((person) => person.isIn()))).toEqual([true, false, true]);
    expect(await sessionsOf(here)).toMatchObject([{ is_current: true }]);
  });

  it('are not shown any more once they have expired or the session secret is another', async () => {
    const clock = new MovableClock();
    const { backend, here } = await twoBrowsers({ clock });
    backend.sessionSecret.sawBootstrap({ resourceVersion: '5', serviceToken: tokenB, sessionSecret: tokenC, isBlindRender: false });
    await here.logIn('admin');
    expect(await sessionsOf(here)).toMatchObject([{ is_current: true }]);
    const idle = new Person(backend);
    await idle.logIn('admin');
    clock.aheadMs = 6 * day;
    await here.isIn();
    clock.aheadMs = 8 * day;
    expect(await sessionsOf(here)).toMatchObject([{ is_current: true }]);
  });

  it('of a release that recorded neither browser nor secret are shown and can be ended', async () => {
    const directory = await temporaryDirectory();
    const { backend, here, there, shown } = await twoBrowsers({ directory });
    for (const column of ['browser', 'signed_under']) await backend.database.schema.alterTable('sessions').dropColumn(column).execute();
    await backend.database.deleteFrom('migrations').where('name', '=', '0007-own-sessions').execute();
    const upgraded = new Person(await startBackend({ directory }), here.cookie);
    expect(await sessionsOf(upgraded)).toMatchObject([{ browser: null }, { browser: null }]);
    expect(await upgraded.status('DELETE', `/api/auth/sessions/${shown.id}`)).toBe(200);
    expect(await there.isIn()).toBe(false);
  });
});

describe('another site', () => {
  const requests = [
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
    [{ 'sec-fetch-site': 'none' }, 200],
    [{ origin: 'https://evil.example', host: 'kure.example' }, 403],
    [{ origin: 'https://kure.example.evil.example', host: 'kure.example' }, 403],
    [{ origin: 'http://kure.example:81', host: 'kure.example' }, 403],
    [{ origin: 'null', host: 'kure.example' }, 403],
    [{ origin: 'https://kure.example', host: 'kure.example' }, 200],
    [{}, 200],
  ] as const;

  it.each(requests)('cannot write with somebody\'s cookie, nor log them in: %j', async (headers, status) => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    expect(await admin.status('POST', '/api/admin/invitations', { role: 'read' }, { headers })).toBe(status);
    expect((await new Person(backend).logIn('admin', undefined, { headers })).statusCode).toBe(status);
    expect(await admin.status('GET', '/api/admin/users', undefined, { headers })).toBe(200);
  });
});
