import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { invitation, signUp, visit } from './visitor.ts';

test('an admin invites, the guest follows the link once and has the role', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/admin/users', 'Users');
  await admin.page.getByRole('region', { name: 'Invitations' }).getByLabel('Role').selectOption('write');
  await admin.button('Invite').click();
  const link = (await admin.page.getByRole('region', { name: 'Link' }).textContent())!;
  expect(link).toMatch(new RegExp(`^${backend.url}/invite/[\\w-]+$`));
  await admin.button('Close').click();

  const guest = await visit(backend);
  await guest.open(link, 'Accept the invitation');
  await guest.text('You are invited with role write.').waitFor();
  await guest.create('guest');
  await guest.sees('Failing pods');
  await guest.text('role write').waitFor();
  await admin.text('guest').first().waitFor();

  const late = await visit(backend);
  await late.open(link, 'This invitation cannot be used');
  await late.text('Ask an admin for a new one').waitFor();
  await late.link('Go to the login').click();
  await late.sees('Log in');
});

test('who has the form open when the invitation ends is told where to go', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const path = await invitation(admin, 'read');
  const [guest, late] = [await visit(backend), await visit(backend)];
  for (const one of [guest, late]) await one.open(path, 'Accept the invitation');
  await guest.create('guest');
  await guest.sees('Failing pods');
  await late.create('late');
  await late.sees('This invitation cannot be used');
  await late.link('Go to the login').waitFor();
});

test('an invitation that was revoked lets nobody in', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/admin/users', 'Users');
  await admin.button('Invite').click();
  const link = (await admin.page.getByRole('region', { name: 'Link' }).textContent())!;
  await admin.button('Close').click();
  await admin.button('Revoke').click();
  await admin.button('Revoke').waitFor({ state: 'detached' });
  const guest = await visit(backend);
  await guest.open(link, 'This invitation cannot be used');
});

test('a password that is reset ends the sessions, and the link sets a new one', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/admin/users', 'Users');
  await admin.button('Invite').click();
  const invited = (await admin.page.getByRole('region', { name: 'Link' }).textContent())!;
  await admin.button('Close').click();
  const guest = await visit(backend);
  await guest.open(invited);
  await guest.create('guest');
  await guest.sees('Failing pods');

  await admin.page.reload();
  await admin.button('Reset password of guest').click();
  await admin.page.getByRole('dialog', { name: 'Reset the password of guest?' }).waitFor();
  await admin.button('Cancel').click();
  expect(await guest.call('GET', '/api/auth/me')).toMatchObject({ status: 200 });
  await admin.button('Reset password of guest').click();
  await admin.button('Reset password').click();
  const link = (await admin.page.getByRole('region', { name: 'Link' }).textContent())!;
  await admin.button('Close').click();
  expect(await admin.page.evaluate('document.activeElement.ariaLabel')).toBe('Reset password of guest');
  await guest.sees('Log in');
  await guest.open(link, 'Set a new password');
  await guest.field('New password').fill('another long password');
  await guest.field('Password again').fill('another long password');
  await guest.button('Set password').click();
  await guest.sees('Failing pods');
});
