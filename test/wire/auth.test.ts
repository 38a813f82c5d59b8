/** Section 2.3 of the wire specification: how people get in. */
import { expect, it } from 'vitest';
import { startBackend } from '../unit/backend/harness.ts';
import { password, Person } from '../unit/backend/people.ts';
import { compare, compareValues, invalid, ours, refusal, startWire } from './wire.ts';

const account = (username: string, change: object = {}) => ({ username, password, ...change });
const user = { id: expect.any(Number), username: 'first', email: null, role: 'admin' };
const entered = (shown: object) => ({ status: 200, body: { user: shown } });
const idOf = async (person: Person) => (await person.me()).id;
const cookieLike = expect.stringMatching(/^kure_session=[^;]+; .*Max-Age=604800/);

it('the first visitor makes the first admin, once', async () => {
  const visitor = new Person(await startBackend());
  compare(await visitor.call('GET', '/api/auth/setup-required'), { status: 200, body: { setup_required: true } });
  compare(await visitor.call('POST', '/api/auth/setup', { username: 'first' }), invalid);
  compare(await visitor.call('POST', '/api/auth/setup', account('first', { password: 'short' })), invalid);
  compare(await visitor.call('POST', '/api/auth/setup', account('xy')), invalid, ours('name-rules', refusal(400, 'The username must have 3 to 64 characters')));
  compare(await visitor.call('POST', '/api/auth/setup', account('   ')), { status: 200 }, ours('name-rules', { status: 400 }));
  const made = await visitor.call('POST', '/api/auth/setup', account(' first '));
  compare(made, { ...entered(user), headers: { 'set-cookie': cookieLike } });
  for (const attribute of ['HttpOnly', 'Path=/', 'SameSite=Lax']) expect(made.headers['set-cookie']).toContain(attribute);
  compare(await visitor.call('GET', '/api/auth/setup-required'), { status: 200, body: { setup_required: false } });
  compare(await visitor.call('POST', '/api/auth/setup', account('second')), refusal(409, 'Setup already completed'));
});

it('of parallel first visitors one becomes admin', async () => {
  const backend = await startBackend();
  const answers = await Promise.all([1, 2, 3, 4].map((n) => new Person(backend).call('POST', '/api/auth/setup', account(`first-${n}`))));
  compareValues(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b), [200, 200, 409, 409], ours('one-first-admin', [200, 409, 409, 409]));
});

it('passwords of more than 72 bytes are taken, and of more than 256 characters refused', async () => {
  const visitor = new Person(await startBackend());
  compare(await visitor.call('POST', '/api/auth/setup', account('first', { password: 'x'.repeat(257) })), refusal(400, 'Could not create user'), ours('password-rules', invalid));
  compare(await visitor.call('POST', '/api/auth/setup', account('first', { password: 'ä'.repeat(100) })), refusal(400, 'Could not create user'), ours('password-rules', { status: 200 }));
});

it('people log in, are told who they are, and log out', async () => {
  const { backend, nobody } = await startWire();
  compare(await nobody.call('GET', '/api/auth/me'), refusal(401, 'Authentication required'));
  compare(await nobody.logIn('reader', 'wrong'), refusal(401, 'Invalid username or password'));
  compare(await nobody.logIn('unknown'), refusal(401, 'Invalid username or password'));
  compare(await nobody.call('POST', '/api/auth/login', { username: 'reader' }), invalid);
  const reader = { id: expect.any(Number), username: 'reader', email: null, role: 'read' };
  compare(await nobody.logIn(' reader '), { ...entered(reader), headers: { 'set-cookie': cookieLike } });
  compare(await nobody.call('GET', '/api/auth/me'), entered(reader));
  compare(await nobody.logIn('READER'), refusal(401, 'Invalid username or password'), ours('name-rules', entered(reader)));
  const before = new Person(backend, nobody.cookie);
  await nobody.logIn('writer');
  compare(await before.call('GET', '/api/auth/me'), { status: 200 }, ours('session-left', { status: 401 }));
  const cookie = nobody.cookie!;
  compare(await nobody.call('POST', '/api/auth/logout'), { status: 204, body: '' });
  compare(await new Person(backend, cookie).call('GET', '/api/auth/me'), { status: 200 }, ours('logout', { status: 401 }));
});

it('five failed logins are the last ones for a while, also with the right password', async () => {
  const { nobody } = await startWire();
  for (let tries = 0; tries < 5; tries += 1) await nobody.logIn('reader', 'wrong');
  compare(await nobody.logIn('reader'), refusal(429, expect.stringMatching(/^Too many login attempts\. Please try again in \d+ seconds\.$/)));
  compare(await nobody.logIn('writer'), { status: 429 }, ours('throttle', { status: 200 }));
});

it('the role is that of the account now, and a deleted account has none', async () => {
  const { admin, read, write } = await startWire();
  const [reader, writer] = [await idOf(read), await idOf(write)];
  await admin.call('PATCH', `/api/admin/users/${writer}`, { role: 'read' });
  compare(await write.call('POST', '/api/security/rescan'), { status: 200 }, ours('role-from-row', refusal(403, 'Write access required')));
  await admin.call('DELETE', `/api/admin/users/${reader}`);
  compare(await read.call('GET', '/api/pods/failed'), { status: 200 }, ours('role-from-row', refusal(401, 'Authentication required')));
  compare(await read.call('GET', '/api/auth/me'), refusal(401, 'User not found'), ours('deleted-user', refusal(401, 'Authentication required')));
});

it('an invitation works once, until it expires or is revoked', async () => {
  const { admin, backend, nobody } = await startWire();
  const order = { role: 'write', expires_in_hours: 1 };
  const made = await admin.call('POST', '/api/admin/invitations', order);
  const text = expect.any(String);
  compare(made, { status: 200, body: { id: expect.any(Number), token: text, role: 'write', expires_at: text, created_at: text, invite_url_path: expect.stringMatching(/^\/invite\/.{43}$/) } });
  const { id, token } = made.json<{ id: number; token: string }>();
  compare(await admin.call('GET', '/api/admin/invitations'), { status: 200, body: [{ id, role: 'write', expires_at: text, created_at: text, created_by: 1 }] });
  compare(await admin.call('GET', '/api/admin/invitations'), { status: 200, body: [{ token }] }, ours('invitation-tokens', { status: 200, body: [{ id }] }));
  compare(await nobody.call('GET', `/api/auth/invitation/${token}`), { status: 200, body: { role: 'write', expires_at: text } });
  compare(await nobody.call('GET', '/api/auth/invitation/unknown'), refusal(404, 'Invitation not found'));
  const accept = (username: string, offered = token) => new Person(backend).call('POST', '/api/auth/accept-invitation', { token: offered, username, password });
  compare(await accept('reader'), refusal(409, 'Username already taken'));
  compare(await accept('Reader'), { status: 200 }, ours('name-rules', refusal(409, 'Username already taken')));
  compare(await accept('guest'), { ...entered({ username: 'guest', role: 'write' }), headers: { 'set-cookie': cookieLike } });
  compare(await accept('guest-2'), refusal(410, 'Invitation already used'));
  compare(await nobody.call('GET', `/api/auth/invitation/${token}`), refusal(410, 'Invitation already used'));
  compare(await accept('guest-3', 'unknown'), refusal(404, 'Invitation not found'));

  const another = (await admin.call('POST', '/api/admin/invitations', order)).json<{ id: number; token: string }>();
  compare(await admin.call('DELETE', `/api/admin/invitations/${another.id}`), { status: 200, body: { message: 'Invitation revoked' } });
  compare(await admin.call('DELETE', `/api/admin/invitations/${another.id}`), refusal(404, 'Invitation not found'));
  compare(await accept('guest-4', another.token), refusal(404, 'Invitation not found'));
  compare(await admin.call('POST', '/api/admin/invitations', { role: 'write', expires_in_hours: 721 }), invalid);
  compare(await admin.call('POST', '/api/admin/invitations', { role: 'admin' }), refusal(400, "Invitation role must be 'write' or 'read'"), ours('admin-invitations', { status: 200 }));
});

it('admins list, promote, demote and delete others, and never themselves', async () => {
  const { admin, write } = await startWire();
  const text = expect.any(String);
  const row = (username: string, role: string) => ({ id: expect.any(Number), username, email: null, role, created_at: text, updated_at: text });
  compare(await admin.call('GET', '/api/admin/users'), { status: 200, body: [row('admin', 'admin'), row('writer', 'write'), row('reader', 'read')] });
  const { id } = await write.me();
  const patch = (user: number, role: string) => admin.call('PATCH', `/api/admin/users/${user}`, { role });
  compare(await patch(id, 'admin'), { status: 200, body: row('writer', 'admin') });
  compare(await patch(id, 'owner'), refusal(400, 'Invalid role'), ours('schema-422', invalid));
  compare(await patch(1, 'read'), refusal(400, 'Cannot change your own role'));
  compare(await patch(999, 'read'), refusal(404, 'User not found'));
  compare(await admin.call('DELETE', '/api/admin/users/1'), refusal(400, 'Cannot delete yourself'));
  compare(await admin.call('DELETE', '/api/admin/users/999'), refusal(404, 'User not found'));
  compare(await admin.call('DELETE', `/api/admin/users/${id}`), { status: 200, body: { message: 'User deleted' } });
});
