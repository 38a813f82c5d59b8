/** Every route x everybody who may come: generated from the access table, nothing written by hand. */
import { beforeAll, describe, expect, it } from 'vitest';
import { access, type Permission } from '../../../backend/http/access.ts';
import type { KnownUser } from '../../../backend/store/account-store.ts';
import { roles, type Role } from '../../../shared/contract/accounts.ts';
import { asService, startBackend, tokenA, tokenB, tokenC, type Backend } from './harness.ts';
import { invite, MovableClock, Person, signUp } from './people.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** What somebody sends to show who they are. */
type Headers = Readonly<Record<string, string>>;

const day = 86_400_000;
const clock = new MovableClock();
const rows = Object.entries(access) as [string, Permission][];
const users: { [role in Role]?: KnownUser | undefined } = {};
let backend: Backend;

const withCookie = (cookie: string): Headers => ({ cookie: `kure_session=${cookie}` });
const session = async (user: keyof typeof users): Promise<Headers> => withCookie(await backend.sessions.begin(users[user]!));

/** Each has a fresh session, because a route may end it. */
const callers = {
  nobody: async () => ({}),
  'the service token': async () => asService(tokenA),
  'a retired service token': async () => asService(tokenB),
  'an unknown service token': async () => asService(tokenC),
  'role read': () => session('read'),
  'role write': () => session('write'),
  'role admin': () => session('admin'),
  'role admin, and a retired service token': async () => ({ ...(await session('admin')), ...asService(tokenB) }),
  'role admin, expired': async () => {
    clock.aheadMs -= 31 * day;
    const expired = await session('admin');
    clock.aheadMs += 31 * day;
    return expired;
  },
  'role admin, logged out': async () => {
    const cookie = await backend.sessions.begin(users.admin!);
    await backend.sessions.end(cookie);
    return withCookie(cookie);
  },
  'role admin, forged': async () => {
    const cookie = await backend.sessions.begin(users.admin!);
    return withCookie(`${cookie.split('.')[0]}.${'A'.repeat(43)}`);
  },
  'an admin from another site': async () => ({ ...(await session('admin')), 'sec-fetch-site': 'cross-site' }),
} satisfies Record<string, () => Promise<Headers>>;
type Caller = keyof typeof callers;

const roleOf: Partial<Record<Caller, Role>> = { 'role read': 'read', 'role write': 'write', 'role admin': 'admin' };

/** 0: let in. */
function expected(permission: Permission, caller: Caller, method: string): 0 | 401 | 403 {
  const isFromElsewhere = caller === 'an admin from another site';
  const mayWriteFromElsewhere = method === 'GET' || permission === 'service' || permission === 'onlooker';
  if (permission === 'public') return isFromElsewhere && !mayWriteFromElsewhere ? 403 : 0;
  const takesService = permission === 'service' || permission === 'onlooker' || permission === 'service or read';
  if (caller === 'the service token') return takesService ? 0 : 401;
  if (permission === 'service' || permission === 'onlooker') return 401;
  if (caller === 'role admin, and a retired service token') return takesService ? 401 : 0;
  if (isFromElsewhere) return mayWriteFromElsewhere ? 0 : 403;
  const role = roleOf[caller];
  if (role === undefined) return 401;
  const needed = permission === 'service or read' ? 'read' : permission;
  return roles.indexOf(role) < roles.indexOf(needed) ? 403 : 0;
}

/** The body is of no shape that any route takes, and nothing has this id: what is let in does nothing. */
async function ask(row: string, headers: Headers): Promise<number> {
  const [method, path] = row.split(' ') as [Method, string];
  const url = path.replaceAll(/:\w+/g, '999999');
  const payload = method === 'GET' || method === 'DELETE' ? undefined : {};
  const { statusCode } = await backend.app.inject({ method, url, headers, ...(payload && { payload }) });
  return statusCode;
}

beforeAll(async () => {
  const cleanUps: (() => Promise<void>)[] = [];
  backend = await startBackend({ clock, atEnd: (cleanUp) => cleanUps.unshift(cleanUp) });
  backend.tokens.replace(
    [{ value: tokenA, generation: 'gen-a' }],
    [{ value: tokenB, generation: 'gen-b', retiredAt: '2026-11-01T10:00:00.000Z' }],
  );
  const admin = await signUp(backend);
  users.admin = await backend.stores.users.findByName('admin');
  for (const role of ['read', 'write'] as const) {
    await invite(backend, admin, role, `role-${role}`);
    users[role] = await backend.stores.users.findByName(`role-${role}`);
  }
  return async () => {
    for (const cleanUp of cleanUps) await cleanUp();
  };
});

describe.each(rows)('%s is for: %s', (row, permission) => {
  it.each(Object.keys(callers) as Caller[])('asked by %s', async (caller) => {
    const status = await ask(row, await callers[caller]());
    const refusal = status === 401 || status === 403 ? status : 0;
    expect({ status, refusal }).toEqual({ status, refusal: expected(permission, caller, row.split(' ')[0]!) });
  });
});

it('has a row for every route, and a route for every row', async () => {
  for (const [row] of rows) {
    const [method, url] = row.split(' ') as [Method, string];
    expect({ row, isThere: backend.app.hasRoute({ method, url }) }).toEqual({ row, isThere: true });
  }
  const another = await startBackend();
  expect(() => another.app.get('/api/forgotten', async () => 'secret')).toThrow('has no row in the access table');
});

it('lets nobody in where a deleted user\'s session is shown', async () => {
  const admin = new Person(backend);
  await admin.logIn('admin');
  const guest = await invite(backend, admin, 'admin', 'guest');
  await admin.call('DELETE', `/api/admin/users/${(await guest.me()).id}`);
  for (const [row] of rows.filter(([, permission]) => permission !== 'public')) {
    expect({ row, status: await ask(row, withCookie(guest.cookie!)) }).toEqual({ row, status: 401 });
  }
});
