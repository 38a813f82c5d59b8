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

test('model and base URL are those of the provider that is chosen', async () => {
  const admin = await signUp(await startBackend());
  const stored = { provider: 'openai', api_key: 'sk-not-a-real-key', model: 'gpt-4o', base_url: 'https://models.example.com/v1' };
  expect(await admin.call('POST', '/api/admin/llm/config', stored)).toMatchObject({ status: 200 });
  await admin.open('/admin/llm', 'LLM');
  const shown = async () => [await admin.field('Model').inputValue(), await admin.field('Base URL').inputValue()];
  await admin.field('Provider').waitFor();
  expect(await shown()).toEqual([stored.model, stored.base_url]);
  await admin.field('Provider').selectOption('anthropic');
  expect(await shown()).toEqual(['', '']);
  await admin.field('Provider').selectOption('openai');
  expect(await shown()).toEqual([stored.model, stored.base_url]);

  await admin.field('Provider').selectOption('anthropic');
  await admin.field('API key').fill('sk-not-a-real-key');
  await admin.button('Save').click();
  await admin.text('Saved.').waitFor();
  expect((await admin.call('GET', '/api/admin/llm/status')).answer).toMatchObject({ provider: 'anthropic', model: null, base_url: null });
});
