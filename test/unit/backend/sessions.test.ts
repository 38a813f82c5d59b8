import { describe, expect, it } from 'vitest';
import { startBackend, temporaryDirectory, tokenB, tokenC } from './harness.ts';
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
