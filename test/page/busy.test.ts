/** A second click while the first is under way does nothing. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { password, signUp, type Visitor } from './visitor.ts';

const prepare = {
  'Trusted registries': (admin: Visitor) => admin.call('POST', '/api/admin/trusted-registries', { registry: 'r.example' }),
  Invitations: (admin: Visitor) => admin.call('POST', '/api/admin/invitations', { role: 'read' }),
  Sessions: async (admin: Visitor) => {
    const login = JSON.stringify({ username: 'admin', password });
    await fetch(new URL('/api/auth/login', admin.page.url()), { method: 'POST', headers: { 'content-type': 'application/json' }, body: login });
  },
};

test.each([
  { card: 'Trusted registries', path: '/suppressions', heading: 'Suppressions', name: /^Remove / },
  { card: 'Invitations', path: '/admin/users', heading: 'Users', name: 'Revoke' },
  { card: 'Sessions', path: '/account', heading: 'Account', name: /^Log out .*, logged in/ },
] as const)('$card: what is taken away is asked for once', async ({ card, path, heading, name }) => {
  const admin = await signUp(await startBackend());
  await prepare[card](admin);
  await admin.open(path, heading);
  const region = admin.page.getByRole('region', { name: card });
  const button = region.getByRole('button', { name });
  const answering = Promise.withResolvers<void>();
  let asked = 0;
  await admin.page.route('**/api/**', async (route) => {
    if (route.request().method() !== 'DELETE') return route.continue();
    asked += 1;
    await answering.promise;
    return route.continue();
  });
  await button.click();
  await button.and(admin.page.locator('[aria-busy=true]')).waitFor();
  await button.click();
  answering.resolve();
  await button.waitFor({ state: 'detached' });
  expect(asked).toBe(1);
  expect(await region.getByRole('alert').count()).toBe(0);
});
