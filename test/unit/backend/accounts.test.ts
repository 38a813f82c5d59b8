import { describe, expect, it } from 'vitest';
import { startBackend, temporaryDirectory } from './harness.ts';
import { invite, MovableClock, password, Person, signUp } from './people.ts';

const hour = 3_600_000;

const inviteAdmin = async (person: Person) => (await person.call('POST', '/api/admin/invitations', { role: 'admin' })).json<{ token: string }>();

describe('the first visit', () => {
  it('makes the first admin, once, under both names of the two routes', async () => {
    const backend = await startBackend();
    const status = async (url: string) => (await backend.app.inject(url)).json<object>();
    expect(await status('/api/auth/status')).toEqual({ setup_required: true });
    const admin = await signUp(backend, '  Ada  ');
    expect(await admin.me()).toEqual({ id: 1, username: 'Ada', email: null, role: 'admin' });
    expect(await status('/api/auth/status')).toEqual({ setup_required: false });
    expect(await status('/api/auth/setup-required')).toEqual({ setup_required: false });
    for (const url of ['/api/auth/signup', '/api/auth/setup']) {
      const answer = await new Person(backend).call('POST', url, { username: 'second', password });
      expect({ status: answer.statusCode, ...answer.json<object>() }).toMatchObject({ status: 409, message: 'Setup already completed' });
    }
  });

  it('makes one admin when many try at the same moment, on two replicas', async () => {
    const directory = await temporaryDirectory();
    const backends = [await startBackend({ directory }), await startBackend({ directory })];
    const statuses = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        new Person(backends[index % 2]!).status('POST', '/api/auth/signup', { username: `admin-${index}`, password }),
      ),
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409, 409, 409, 409]);
    expect(await backends[0]!.stores.users.list()).toHaveLength(1);
  });

  it.each([
    ['blank', '      ', 400],
    ['too short once trimmed', ' ab ', 400],
    ['too long', 'x'.repeat(65), 400],
    ['invisible', 'ad\u200bmin', 400],
    ['a line break', 'ad\nmin', 400],
  ])('refuses a name that is %s', async (_, username, status) => {
    const backend = await startBackend();
    expect(await new Person(backend).status('POST', '/api/auth/signup', { username, password })).toBe(status);
  });

  it('refuses a password of seven characters', async () => {
    const backend = await startBackend();
    expect(await new Person(backend).status('POST', '/api/auth/signup', { username: 'admin', password: '7letter' })).toBe(422);
  });
});

describe('an invitation', () => {
  it('makes an account of its role, logged in at once, and is stored as a hash', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const answer = await admin.call('POST', '/api/admin/invitations', { role: 'write', expires_in_hours: 1 });
    const { token, ...invitation } = answer.json<{ token: string; expires_at: string; invite_url_path: string }>();
    expect(invitation).toMatchObject({ id: 1, role: 'write', created_by: 1, invite_url_path: `/invite/${token}` });
    const listed = await admin.call('GET', '/api/admin/invitations');
    expect(listed.json()).toMatchObject([{ id: 1, role: 'write' }]);
    expect(listed.body).not.toContain(token);
    expect(JSON.stringify(await backend.database.selectFrom('invitations').selectAll().execute())).not.toContain(token);

    const guest = new Person(backend);
    expect((await guest.call('GET', `/api/auth/invitation/${token}`)).json()).toEqual({ role: 'write', expires_at: invitation.expires_at });
    expect(await guest.status('POST', '/api/auth/accept-invitation', { token, username: 'Wanda', password })).toBe(200);
    expect(await guest.me()).toMatchObject({ username: 'Wanda', role: 'write' });
    expect((await admin.call('GET', '/api/admin/invitations')).json()).toEqual([]);
  });

  it('is used once, however many use it at the same moment', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const { token } = (await admin.call('POST', '/api/admin/invitations', { role: 'read' })).json<{ token: string }>();
    const statuses = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        new Person(backend).status('POST', '/api/auth/accept-invitation', { token, username: `guest-${index}`, password }),
      ),
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 410, 410, 410, 410, 410]);
    expect(await backend.stores.users.list()).toHaveLength(2);
    expect(await new Person(backend).status('GET', `/api/auth/invitation/${token}`)).toBe(410);
  });

  it('is not used up by a name that is taken, whatever its case', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend, 'Ada');
    const { token } = (await admin.call('POST', '/api/admin/invitations', { role: 'read' })).json<{ token: string }>();
    const guest = new Person(backend);
    expect(await guest.status('POST', '/api/auth/accept-invitation', { token, username: ' ADA ', password })).toBe(409);
    expect(await guest.status('POST', '/api/auth/accept-invitation', { token, username: 'Bob', password })).toBe(200);
  });

  it('ends with its expiry, or when it is revoked', async () => {
    const clock = new MovableClock();
    const backend = await startBackend({ clock });
    const admin = await signUp(backend);
    const order = async () => (await admin.call('POST', '/api/admin/invitations', { role: 'read', expires_in_hours: 2 })).json<{ id: number; token: string }>();
    const [revoked, expired] = [await order(), await order()];
    expect(await admin.status('DELETE', `/api/admin/invitations/${revoked.id}`)).toBe(200);
    expect(await admin.status('DELETE', `/api/admin/invitations/${revoked.id}`)).toBe(404);
    clock.aheadMs = 2 * hour + 1_000;
    for (const [token, status] of [[revoked.token, 404], [expired.token, 410], ['made-up', 404]] as const) {
      const guest = new Person(backend);
      expect(await guest.status('GET', `/api/auth/invitation/${token}`)).toBe(status);
      expect(await guest.status('POST', '/api/auth/accept-invitation', { token, username: 'guest', password })).toBe(status);
    }
    expect((await admin.call('GET', '/api/admin/invitations')).json()).toEqual([]);
  });

  it.each([
    ['demoted', (admin: Person) => admin.status('PATCH', '/api/admin/users/2', { role: 'write' })],
    ['deleted', (admin: Person) => admin.status('DELETE', '/api/admin/users/2')],
  ])('ends when whoever made it is %s: it would be a way back', async (_how, deed) => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const second = await invite(backend, admin, 'admin', 'second');
    const [kept, ended] = [await inviteAdmin(admin), await inviteAdmin(second)];
    expect(await deed(admin)).toBe(200);
    const uses = [kept, ended].map(({ token }, index) =>
      new Person(backend).status('POST', '/api/auth/accept-invitation', { token, username: `guest-${index}`, password }),
    );
    expect(await Promise.all(uses)).toEqual([200, 404]);
  });
});

describe('an admin', () => {
  it('lists users, changes roles and deletes, and none of it on themselves', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const writer = await invite(backend, admin, 'write', 'wanda');
    expect((await admin.call('GET', '/api/admin/users')).json()).toMatchObject([{ username: 'admin', role: 'admin' }, { username: 'wanda', role: 'write' }]);
    expect((await admin.call('PATCH', '/api/admin/users/2', { role: 'read' })).json()).toMatchObject({ id: 2, role: 'read' });
    expect(await writer.me()).toMatchObject({ role: 'read' });
    expect(await admin.status('PATCH', '/api/admin/users/2', { role: 'owner' })).toBe(422);
    expect(await admin.status('PATCH', '/api/admin/users/1', { role: 'read' })).toBe(400);
    expect(await admin.status('DELETE', '/api/admin/users/1')).toBe(400);
    expect(await admin.status('PATCH', '/api/admin/users/9', { role: 'read' })).toBe(404);
    expect(await admin.status('DELETE', '/api/admin/users/9')).toBe(404);
    expect(await admin.status('DELETE', '/api/admin/users/two')).toBe(422);
    expect(await admin.status('DELETE', '/api/admin/users/2')).toBe(200);
    expect(await writer.isIn()).toBe(false);
    expect((await writer.logIn('wanda')).statusCode).toBe(401);
  });

  it.each(['demote', 'delete'])('is left when all admins %s each other at the same moment, on two replicas', async (deed) => {
    const directory = await temporaryDirectory();
    const [one, two] = [await startBackend({ directory }), await startBackend({ directory })];
    const first = await signUp(one);
    await invite(one, first, 'admin', 'second');
    const second = new Person(two);
    await second.logIn('second');
    const against = (person: Person, id: number) =>
      deed === 'demote' ? person.status('PATCH', `/api/admin/users/${id}`, { role: 'read' }) : person.status('DELETE', `/api/admin/users/${id}`);
    await Promise.all([against(first, 2), against(second, 1), against(first, 2), against(second, 1)]);
    const admins = (await one.stores.users.list()).filter(({ role }) => role === 'admin');
    expect(admins).toHaveLength(1);
  });

  it('cannot end the last admin, even past the checks of who asks', async () => {
    const backend = await startBackend();
    await signUp(backend);
    expect(await backend.stores.users.remove(1)).toBe('last-admin');
    expect(await backend.stores.users.changeRole(1, 'read', 'now')).toBe('last-admin');
  });

  it('resets a password: the old one and all sessions end, and the link works once', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const reader = await invite(backend, admin, 'read', 'rita');
    const answer = await admin.call('POST', '/api/admin/users/2/reset-password');
    const { token } = answer.json<{ token: string }>();
    expect(answer.json()).toMatchObject({ reset_url_path: `/reset-password/${token}` });
    expect(await reader.isIn()).toBe(false);
    expect((await reader.logIn('rita')).statusCode).toBe(401);
    const next = 'another password';
    expect(await reader.status('POST', '/api/auth/reset-password', { token, password: next })).toBe(200);
    expect(await reader.isIn()).toBe(true);
    expect(await reader.status('POST', '/api/auth/reset-password', { token, password: next })).toBe(410);
    expect((await new Person(backend).logIn('rita', next)).statusCode).toBe(200);
    expect(await admin.status('POST', '/api/admin/users/1/reset-password')).toBe(400);
    expect(await admin.status('POST', '/api/admin/users/9/reset-password')).toBe(404);
  });

  it('keeps a password reset that comes while its present one is being changed', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    const thief = await invite(backend, admin, 'read', 'rita');
    const { users } = backend.stores;
    const read = users.passwordHashOf.bind(users);
    let token = '';
    users.passwordHashOf = async (id) => {
      const hash = await read(id);
      token = (await admin.call('POST', '/api/admin/users/2/reset-password')).json<{ token: string }>().token;
      return hash;
    };
    expect(await thief.status('POST', '/api/auth/change-password', { current_password: password, new_password: password })).toBe(400);
    expect((await thief.logIn('rita')).statusCode).toBe(401);
    expect(await new Person(backend).status('POST', '/api/auth/reset-password', { token, password: 'another password' })).toBe(200);
  });
});

it('takes no more than 16 KiB where nobody has to be logged in', async () => {
  const backend = await startBackend();
  const stranger = new Person(backend);
  const account = { username: 'admin', password: 'x'.repeat(20_000) };
  for (const [path, body] of Object.entries({ signup: account, login: account, logout: account, 'accept-invitation': { token: 'x', ...account }, 'reset-password': { token: 'x', ...account } })) {
    expect([path, await stranger.status('POST', `/api/auth/${path}`, body)]).toEqual([path, 413]);
  }
});

describe('one\'s own password', () => {
  it('is changed with the present one, and ends all other sessions', async () => {
    const backend = await startBackend();
    const here = await signUp(backend);
    const elsewhere = new Person(backend);
    await elsewhere.logIn('admin');
    const change = (current_password: string) =>
      here.status('POST', '/api/auth/change-password', { current_password, new_password: 'another password' });
    expect(await change('wrong')).toBe(400);
    expect(await elsewhere.isIn()).toBe(true);
    expect(await change(password)).toBe(200);
    expect(await here.isIn()).toBe(true);
    expect(await elsewhere.isIn()).toBe(false);
    expect((await elsewhere.logIn('admin')).statusCode).toBe(401);
    expect((await elsewhere.logIn('ADMIN', 'another password')).statusCode).toBe(200);
  });

  it('is stored as argon2id with its cost, salted', async () => {
    const backend = await startBackend();
    const admin = await signUp(backend);
    await invite(backend, admin, 'read', 'rita');
    const rows = await backend.database.selectFrom('users').select('password_hash').execute();
    for (const { password_hash } of rows) expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(rows[0]!.password_hash).not.toBe(rows[1]!.password_hash);
  });
});
