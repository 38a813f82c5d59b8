import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { invite, password, signUp, visit } from './visitor.ts';

test('who logs out is out, in every tab, and logs in again', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const otherTab = await admin.page.context().newPage();
  await otherTab.goto('/admin/users');
  await otherTab.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  await admin.button('Log out').click();
  await admin.sees('Log in');
  await otherTab.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  await otherTab.getByText('Your session has ended').waitFor();
  await admin.enter('admin');
  await admin.sees('Failing pods');
});

test('a wrong password is said, and the sixth try in a row must wait', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.button('Log out').click();
  await admin.sees('Log in');
  for (let tries = 0; tries < 5; tries += 1) {
    const answer = admin.page.waitForResponse('**/api/auth/login');
    await admin.enter('admin', `wrong ${tries}`);
    expect((await answer).status()).toBe(401);
    await admin.page.getByRole('alert').filter({ hasText: 'Invalid username or password' }).waitFor();
  }
  await admin.enter('admin', password);
  await admin.text('Too many attempts. Wait, then try again.').waitFor();
  const waiting = admin.page.getByRole('button', { name: /^Try again in \d+ s$/ });
  expect(await waiting.isDisabled()).toBe(true);
});

test('a demotion takes effect in an open tab', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const second = await invite(backend, admin, 'admin', 'second');
  await second.open('/admin/users', 'Users');

  await admin.open('/admin/users', 'Users');
  await admin.field('Role of second').selectOption('read');
  await admin.button('Save: Role of second').click();
  await second.sees('Page not found');
  expect(await second.link('Users').count()).toBe(0);
  expect(await second.link('Suppressions').count()).toBe(0);

  await admin.field('Role of second').selectOption('write');
  await admin.button('Save: Role of second').click();
  await second.link('Suppressions').waitFor();
});

test('an account that is deleted is out at once', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const guest = await invite(backend, admin, 'write', 'guest');
  await admin.open('/admin/users', 'Users');
  await admin.button('Delete guest').click();
  await admin.button('Delete').click();
  await guest.sees('Log in');
  await guest.enter('guest');
  await guest.text('Invalid username or password').waitFor();
});

test('who cannot be logged out is told so', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend, { expects: /ERR_CONNECTION_REFUSED/ });
  await admin.page.route('**/api/auth/logout', (route) => route.abort('connectionrefused'));
  await admin.button('Log out').click();
  await admin.page.getByRole('alert').filter({ hasText: 'The backend cannot be reached.' }).waitFor();
  await admin.page.unrouteAll();
  await admin.button('Log out').click();
  await admin.sees('Log in');
});

test('one browser ends the session of another, whose open page is out at once', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/account', 'Account');
  await admin.text('You are logged in nowhere else.').waitFor();
  const elsewhere = await visit(backend, { userAgent: 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0' });
  await elsewhere.open('/', 'Log in');
  await elsewhere.enter('admin');
  await elsewhere.sees('Failing pods');

  const sessions = admin.page.getByRole('table').filter({ hasText: 'Logged in' });
  await sessions.getByRole('row', { name: 'Chrome on Linux (this browser)' }).waitFor();
  const other = sessions.getByRole('row', { name: 'Firefox on Windows' });
  await other.getByRole('button', { name: /^Log out Firefox on Windows/ }).click();
  await elsewhere.sees('Log in');
  await elsewhere.text('Your session has ended').waitFor();
  await admin.text('You are logged in nowhere else.').waitFor();
});

test('one logs out everywhere else, and only who means it', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const others = [await visit(backend), await visit(backend)];
  for (const other of others) {
    await other.open('/', 'Log in');
    await other.enter('admin');
    await other.sees('Failing pods');
  }
  await admin.open('/account', 'Account');
  await admin.button('Log out everywhere else').click();
  await admin.button('Cancel').click();
  expect(await admin.page.getByRole('button', { name: /^Log out Chrome/ }).count()).toBe(2);
  await admin.button('Log out everywhere else').click();
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
  for (const other of others) await other.sees('Log in');
  await admin.text('You are logged in nowhere else.').waitFor();
  await admin.open('/pods', 'Failing pods');
});

test('a password that is changed ends the other sessions and no more', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const elsewhere = await visit(backend);
  await elsewhere.open('/', 'Log in');
  await elsewhere.enter('admin');
  await elsewhere.sees('Failing pods');

  await admin.open('/account', 'Account');
  await admin.button('Log out everywhere else').waitFor();
  await admin.field('Current password').fill(password);
  await admin.field('New password').fill('another long password');
  await admin.field('New password again').fill('another long password');
  await admin.button('Change password').click();
  await admin.text('The password is changed.').waitFor();
  expect(await admin.button('Log out everywhere else').count()).toBe(0);
  await elsewhere.sees('Log in');
  await admin.open('/pods', 'Failing pods');
});

test('a record is deleted only by who says so twice', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(1);
  const [pod] = (await admin.call('GET', '/api/pods/failed')).answer as { id: number }[];
  await admin.call('DELETE', `/api/pods/failed/${pod!.id}`);
  await admin.open('/pods/ignored', 'Failing pods');
  await admin.list('Pods').getByRole('button').first().click();
  await admin.button('Delete record').click();
  const question = admin.page.getByRole('dialog', { name: 'Delete this record?' });
  await question.waitFor();
  await admin.page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expect((await admin.call('GET', '/api/pods/ignored')).answer).toHaveLength(1);
  await admin.button('Delete record').click();
  await question.getByRole('button', { name: 'Delete', exact: true }).click();
  await admin.text('No pod is ignored').waitFor();
  expect((await admin.call('GET', '/api/pods/ignored')).answer).toEqual([]);
});
