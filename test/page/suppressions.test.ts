import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { signUp } from './visitor.ts';

test.each([
  { list: 'Excluded namespaces', field: 'Namespace', wrong: 'Shop 1', right: 'shop-1' },
  { list: 'Excluded pods', field: 'Pod name', wrong: 'shop/web', right: 'web.1-x' },
])('$list: a name that Kubernetes does not take is not put on it', async ({ list, field, wrong, right }) => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/suppressions', 'Suppressions');
  const card = admin.page.getByRole('region', { name: list });
  const add = async (name: string): Promise<void> => {
    await card.getByLabel(field).fill(name);
    await card.getByRole('button', { name: 'Add' }).click();
  };
  await add(wrong);
  expect(await card.locator('input:invalid').count()).toBe(1);
  await add(right);
  await card.getByRole('button', { name: `Remove ${right}` }).waitFor();
  expect(await card.getByRole('button', { name: /^Remove / }).count()).toBe(1);
});
