import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { signUp } from './visitor.ts';

test('a test message goes to the stored address, and to none while another one is typed', async () => {
  const admin = await signUp(await startBackend());
  await admin.open('/admin/notifications', 'Notifications');
  const webhook = admin.page.getByRole('region', { name: 'Webhook' });
  const address = webhook.getByLabel('Webhook URL');
  const test = webhook.getByRole('button', { name: 'Send a test' });
  await address.fill('https://old.example.com/x');
  await webhook.getByRole('button', { name: 'Save' }).click();
  await webhook.getByText('Stored: https://old.example.com/').waitFor();
  expect(await test.isEnabled()).toBe(true);

  await address.fill('https://new.example.com/y');
  await webhook.getByText('Save first, then send a test.').waitFor();
  expect(await test.isDisabled()).toBe(true);
  await address.fill('');
  expect(await test.isEnabled()).toBe(true);
  await address.fill('https://new.example.com/y');
  await webhook.getByRole('button', { name: 'Save' }).click();
  await webhook.getByText('Stored: https://new.example.com/').waitFor();
  expect(await test.isEnabled()).toBe(true);
});
