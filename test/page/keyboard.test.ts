/** Everything without a mouse: nothing is pressed here but keys. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { invite, password, signUp, visit, type Visitor } from './visitor.ts';

/** The name of what has the focus; after the last of a page the browser's own buttons have it. */
const focused = ({ page }: Visitor): Promise<string> =>
  page.evaluate<string>(`document.activeElement === document.body ? 'the browser' : (({ ariaLabel, labels, innerText }) => ariaLabel ?? labels?.[0]?.innerText ?? innerText.replaceAll(/\\s+/g, ' '))(document.activeElement)`);

const press = ({ page }: Visitor, key: string): Promise<void> => page.keyboard.press(key);

async function pressUntil(visitor: Visitor, key: string, name: string): Promise<string> {
  for (let presses = 0; presses < 40 && !(await focused(visitor)).includes(name); presses += 1) await press(visitor, key);
  return focused(visitor);
}

/** The names of what the next presses come to. */
async function stops(visitor: Visitor, count: number): Promise<string[]> {
  const names: string[] = [];
  for (let presses = 0; presses < count; presses += 1) {
    await press(visitor, 'Tab');
    names.push(await focused(visitor));
  }
  return names;
}

test('one makes the first account, logs out and in again', async () => {
  const visitor = await visit(await startBackend());
  await visitor.open('/', 'Create the first admin');
  for (const text of ['admin', password, password]) {
    await visitor.page.keyboard.type(text);
    await press(visitor, 'Tab');
  }
  expect(await focused(visitor)).toBe('Create account');
  await press(visitor, 'Enter');
  await visitor.sees('Failing pods');
  expect(await pressUntil(visitor, 'Shift+Tab', 'Log out')).toBe('Log out');
  await press(visitor, 'Enter');
  await visitor.sees('Log in');
  await visitor.page.keyboard.type('admin');
  await press(visitor, 'Tab');
  await visitor.page.keyboard.type(password);
  await press(visitor, 'Enter');
  await visitor.sees('Failing pods');
});

test('Tab goes through a page as one reads it, and past the navigation at once for who asks for it', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(1);
  await admin.list('Pods').waitFor();
  const way = ['Failing pods', 'Security findings', 'Suppressions', 'Users', 'LLM', 'Notifications', 'Credentials'];
  const below = ['Theme: system', 'Theme: light', 'Theme: dark', 'admin Account, role admin', 'Log out'];
  const page = ['Failing 1', 'Ignored', 'History', 'Search pods', 'Namespace', 'All reasons 1', 'CrashLoopBackOff 1'];
  expect(await stops(admin, page.length)).toEqual(page);
  expect(await pressUntil(admin, 'Shift+Tab', 'Skip to content')).toBe('Skip to content');
  expect(await stops(admin, way.length + below.length)).toEqual([...way, ...below]);
  expect(await pressUntil(admin, 'Shift+Tab', 'Skip to content')).toBe('Skip to content');
  await press(admin, 'Enter');
  expect(await stops(admin, 1)).toEqual(['Failing 1']);
});

test('a detail opens by Enter, and Escape leads back to its row', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(3);
  await admin.open('/pods', 'Failing pods');
  await admin.list('Pods').waitFor();
  expect(await focused(admin)).toBe('Failing pods');
  const row = await pressUntil(admin, 'Tab', 'catalogue-');
  expect(row).toContain('catalogue-');
  await press(admin, 'Enter');
  await admin.page.getByRole('dialog').waitFor();
  await press(admin, 'Escape');
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused(admin)).toBe(row);
});

test('a question keeps the focus until it is answered, and gives it back', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await invite(backend, admin, 'read', 'guest');
  await admin.open('/admin/users', 'Users');
  await admin.button('Delete guest').waitFor();
  await pressUntil(admin, 'Tab', 'Delete guest');
  await press(admin, 'Enter');
  await admin.page.getByRole('dialog', { name: 'Delete guest?' }).waitFor();
  const inside = new Set(await stops(admin, 12));
  expect(inside).toEqual(new Set([...inside].filter((name) => ['Close', 'Cancel', 'Delete', 'Delete guest?', 'the browser'].includes(name) || name.startsWith('The account'))));
  expect(inside).toContain('Cancel');
  await press(admin, 'Escape');
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused(admin)).toBe('Delete guest');
  await admin.text('guest').first().waitFor();
});

test('Escape closes the menu of a phone and leads back to its button', async () => {
  const admin = await signUp(await startBackend(), { viewport: { width: 390, height: 844 } });
  await pressUntil(admin, 'Shift+Tab', 'Open menu');
  await press(admin, 'Enter');
  await admin.link('Users').waitFor();
  await press(admin, 'Escape');
  await admin.link('Users').waitFor({ state: 'hidden' });
  expect(await focused(admin)).toBe('Open menu');
});

test('where a row goes that has the focus, the row in its place gets it, and at the end the heading', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  for (const namespace of ['one', 'two', 'three']) await admin.call('POST', '/api/admin/excluded-namespaces', { namespace });
  await admin.open('/suppressions', 'Suppressions');
  await admin.button('Remove two').waitFor();
  const names = ['one', 'two', 'three'].map((name) => `Remove ${name}`);
  await pressUntil(admin, 'Tab', 'Remove ');
  const left = new Set(names);
  for (let removed = 0; removed < names.length; removed += 1) {
    const name = await focused(admin);
    expect(left.delete(name)).toBe(true);
    await press(admin, 'Enter');
    await admin.button(name).waitFor({ state: 'detached' });
  }
  expect(await focused(admin)).toBe('Excluded namespaces');
});

test('the same where a question about the row had the focus', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  for (const name of ['guest', 'other']) await invite(backend, admin, 'read', name);
  await admin.open('/admin/users', 'Users');
  await admin.button('Delete other').waitFor();
  await pressUntil(admin, 'Tab', 'Delete ');
  const [first, second] = (await focused(admin)) === 'Delete guest' ? ['guest', 'other'] : ['other', 'guest'];
  for (const [name, next] of [[first, `Delete ${second}`], [second, 'Accounts']] as const) {
    await press(admin, 'Enter');
    await admin.page.getByRole('dialog', { name: `Delete ${name}?` }).waitFor();
    while ((await focused(admin)) !== 'Delete') await press(admin, 'Tab');
    await press(admin, 'Enter');
    await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(admin)).toBe(next);
  }
});
