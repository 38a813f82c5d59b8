/** What is chosen takes effect only when it is saved: an arrow key alone must not delete a history. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { invite, signUp } from './visitor.ts';

test('how long records are kept changes only for who saves it', async () => {
  const admin = await signUp(await startBackend());
  const minutes = async (): Promise<unknown> => (await admin.call('GET', '/api/admin/settings/history-retention')).answer;
  await admin.open('/pods/history', 'Failing pods');
  await admin.field('Records are kept').focus();
  await admin.page.keyboard.press('ArrowDown');
  await admin.button('Save: Records are kept').waitFor();
  await admin.settled();
  expect(await minutes()).toEqual({ minutes: 0 });

  await admin.field('Records are kept').selectOption('7 days');
  await admin.button('Save: Records are kept').click();
  await admin.button('Save: Records are kept').waitFor({ state: 'detached' });
  expect(await minutes()).toEqual({ minutes: 7 * 24 * 60 });
  expect(await admin.field('Records are kept').inputValue()).toBe(String(7 * 24 * 60));
  expect(await admin.page.evaluate('document.activeElement.ariaLabel')).toBe('Records are kept');
});

test('a role changes only for who saves it, and one that is refused stays to be seen', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await invite(backend, admin, 'read', 'guest');
  const roleOfGuest = async (): Promise<unknown> => ((await admin.call('GET', '/api/admin/users')).answer as { role: string }[])[1]!.role;
  await admin.open('/admin/users', 'Users');
  await admin.field('Role of guest').focus();
  await admin.page.keyboard.press('ArrowDown');
  await admin.button('Save: Role of guest').waitFor();
  await admin.settled();
  expect(await roleOfGuest()).toBe('read');

  await admin.page.route('**/api/admin/users/*', (route) => route.fulfill({ status: 400, json: { message: 'Cannot demote the last admin' } }));
  await admin.button('Save: Role of guest').click();
  await admin.page.getByRole('alert').filter({ hasText: 'Cannot demote the last admin.' }).waitFor();
  await admin.page.unrouteAll();
  await admin.button('Save: Role of guest').click();
  await admin.button('Save: Role of guest').waitFor({ state: 'detached' });
  expect(await roleOfGuest()).toBe('write');
  expect(await admin.page.getByRole('alert').count()).toBe(0);
});
