import { describe, expect, it } from 'vitest';
import { startBackend, temporaryDirectory, type Backend } from './harness.ts';
import { invite, MovableClock, password, Person, signUp, type Call } from './people.ts';

const wrong = 'not the password';

async function attempt(backend: Backend, name: string, secret: string, call: Call = {}): Promise<number> {
  return (await new Person(backend).logIn(name, secret, call)).statusCode;
}

const from = (remoteAddress: string): Call => ({ remoteAddress });
const statuses = (count: number, login: (index: number) => Promise<number>) =>
  Promise.all(Array.from({ length: count }, (_, index) => login(index)));

describe('logging in', () => {
  it('says the same for a wrong password and for nobody', async () => {
    const backend = await startBackend();
    await signUp(backend);
    const bodies = await Promise.all(
      ['admin', 'nobody'].map(async (name) => (await new Person(backend).logIn(name, wrong)).json<object>()),
    );
    expect(bodies[0]).toMatchObject({ error: 'HTTP 401 Error', message: 'Invalid username or password' });
    expect(bodies[0]).toEqual(bodies[1]);
  });

  // How close the two are is measured by test/security/login-timing.test.ts; without a hash nobody takes a fiftieth.
  it('takes a hash for nobody, too', { timeout: 60_000 }, async () => {
    const clock = new MovableClock();
    const backend = await startBackend({ clock });
    await signUp(backend);
    const times: Record<string, number[]> = { admin: [], nobody: [] };
    for (let round = 0; round < 20; round += 1) {
      for (const name of ['admin', 'nobody']) {
        clock.aheadMs += 31_000;
        const startedAt = performance.now();
        await attempt(backend, name, wrong);
        times[name]!.push(performance.now() - startedAt);
      }
    }
    const [known, unknown] = Object.values(times).map((list) => list.toSorted((a, b) => a - b)[list.length / 2]!);
    expect(known! / unknown!).toBeGreaterThan(0.5);
    expect(known! / unknown!).toBeLessThan(2);
  });

  it('is refused after five failed attempts in 30 seconds, with when to come back, and is free again then', async () => {
    const clock = new MovableClock();
    const backend = await startBackend({ clock });
    await signUp(backend);
    for (let failed = 0; failed < 5; failed += 1) expect(await attempt(backend, 'admin', wrong)).toBe(401);
    const refused = await new Person(backend).logIn(' ADMIN ', password);
    expect(refused.statusCode).toBe(429);
    const seconds = Number(refused.headers['retry-after']);
    expect(seconds).toBeGreaterThan(25);
    expect(seconds).toBeLessThanOrEqual(30);
    clock.aheadMs = seconds * 1_000;
    expect(await attempt(backend, 'admin', password)).toBe(200);
  });

  it.each([
    ['a reset of the password', 'POST', '/api/admin/users/2/reset-password'],
    ['the end of the account', 'DELETE', '/api/admin/users/2'],
  ] as const)('is as with a wrong password where %s came while it was under way', async (_, method, url) => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    await invite(backend, admin, 'read', 'rita');
    const { users } = backend.stores;
    const find = users.findByName.bind(users);
    users.findByName = async (name) => {
      const found = await find(name);
      expect(await admin.status(method, url)).toBe(200);
      return found;
    };
    const late = new Person(backend);
    const answer = await late.logIn('rita');
    expect(answer.json()).toMatchObject({ error: 'HTTP 401 Error', message: 'Invalid username or password' });
    expect(late.cookie).toBeUndefined();
  });

  it('that succeeds takes back what failed before', async () => {
    const backend = await startBackend();
    await signUp(backend);
    for (let round = 0; round < 3; round += 1) {
      for (let failed = 0; failed < 4; failed += 1) expect(await attempt(backend, 'admin', wrong)).toBe(401);
      expect(await attempt(backend, 'admin', password)).toBe(200);
    }
  });

  it('cannot be tried more often all at once, on two replicas', async () => {
    const directory = await temporaryDirectory();
    const replicas = [await startBackend({ directory }), await startBackend({ directory })];
    await signUp(replicas[0]!);
    const answers = await statuses(20, (index) => attempt(replicas[index % 2]!, 'admin', wrong));
    expect(answers.filter((status) => status === 401)).toHaveLength(5);
    expect(answers.filter((status) => status === 429)).toHaveLength(15);
  });

  it('is refused for an address that has tried 50 names, and for no other address', async () => {
    const backend = await startBackend();
    await signUp(backend);
    const answers = await statuses(60, (index) => attempt(backend, `name-${index}`, wrong, from('2001:db8::1')));
    expect(answers.filter((status) => status === 429)).toHaveLength(10);
    expect(await attempt(backend, 'admin', password, from('2001:db8:0:0:ffff::2'))).toBe(429);
    expect(await attempt(backend, 'admin', password, from('2001:db8:0:1::1'))).toBe(200);
  });

  it('is slowed down, but not refused, for an account that many addresses attack', { timeout: 30_000 }, async () => {
    const backend = await startBackend();
    await signUp(backend);
    await statuses(30, (index) => attempt(backend, 'admin', wrong, from(`10.0.0.${index}`)));
    const startedAt = performance.now();
    expect(await attempt(backend, 'admin', password, from('10.0.1.1'))).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(2_500);
  });
});

const claiming = (address: string): Call => ({ remoteAddress: '10.0.0.1', headers: { 'x-forwarded-for': address } });

describe('the address that counts', () => {
  it('is that of the connection where no proxy is trusted, whatever a header claims', async () => {
    const backend = await startBackend();
    await signUp(backend);
    const answers = await statuses(6, (index) => attempt(backend, 'admin', wrong, claiming(`203.0.113.${index}`)));
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
  });

  it('is the last one that a trusted proxy did not add itself', async () => {
    const backend = await startBackend({ trustedProxies: ['10.0.0.0/8'] });
    await signUp(backend);
    const answers = await statuses(6, (index) => attempt(backend, 'admin', wrong, claiming(`198.51.100.${index}, 203.0.113.7, 10.0.0.2`)));
    expect(answers.filter((status) => status === 429)).toHaveLength(1);
    expect(await attempt(backend, 'admin', password, claiming('203.0.113.8'))).toBe(200);
  });

  it('is one for each IPv4 address, however proxies and sockets write it', async () => {
    const backend = await startBackend({ trustedProxies: ['10.0.0.0/8'] });
    await signUp(backend);
    const spellings = ['203.0.113.7', '::ffff:203.0.113.7', '203.0.113.7:50001', '203.0.113.7:50002', '::FFFF:203.0.113.7'];
    for (const address of spellings) expect(await attempt(backend, 'admin', wrong, claiming(address))).toBe(401);
    expect(await attempt(backend, 'admin', password, from('::ffff:203.0.113.7'))).toBe(429);
    expect(await attempt(backend, 'admin', password, from('::ffff:203.0.113.8'))).toBe(200);
  });

  it('is one for each network of IPv6, with and without a port', async () => {
    const backend = await startBackend({ trustedProxies: ['10.0.0.0/8'] });
    await signUp(backend);
    for (let port = 50_001; port <= 50_005; port += 1) expect(await attempt(backend, 'admin', wrong, claiming(`[2001:db8::1]:${port}`))).toBe(401);
    expect(await attempt(backend, 'admin', password, claiming('2001:db8::2'))).toBe(429);
  });
});
