import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { signUp, type Visitor } from './visitor.ts';

const apiKey = 'sk-proj-0123456789-never-shown';
const hook = 'https://hooks.slack.com/services/T000/B000/never-shown';

/** Everything that the browser has received, and all that the page holds. */
async function received({ page }: Visitor, heard: readonly string[]): Promise<string> {
  const inputs = await page.locator('input').evaluateAll((fields) => fields.map((field) => (field as unknown as { value: string }).value));
  return [...heard, await page.content(), ...inputs].join('\n');
}

test('an API key of a language model is saved and never shown', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const heard: string[] = [];
  admin.page.on('response', (response) => void response.text().then((text) => heard.push(text)).catch(() => undefined));
  await admin.open('/admin/llm', 'LLM');
  await admin.field('Provider').selectOption('anthropic');
  await admin.field('API key').fill(apiKey);
  await admin.field('Model').fill('a-model');
  await admin.button('Save').click();
  await admin.text('The language model is set up.').waitFor();
  expect(await admin.field('API key').inputValue()).toBe('');
  expect(await admin.field('Provider').count()).toBe(1);

  await admin.open('/admin/llm', 'LLM');
  await admin.text('The language model is set up.').waitFor();
  expect(await admin.field('Model').inputValue()).toBe('a-model');
  expect(await received(admin, heard)).not.toContain(apiKey);
  expect(heard.join('')).toContain('a-model');
  expect(backend.output()).not.toContain(apiKey);
});

test('the address of a webhook is shown as its host alone', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const heard: string[] = [];
  admin.page.on('response', (response) => void response.text().then((text) => heard.push(text)).catch(() => undefined));
  await admin.open('/admin/notifications', 'Notifications');
  const slack = admin.page.getByRole('region', { name: 'Slack' });
  expect(await admin.page.getByRole('switch').count()).toBe(0);
  await slack.getByLabel('Webhook URL').fill(hook);
  await slack.getByRole('button', { name: 'Save' }).click();
  await slack.getByText('https://hooks.slack.com/...').waitFor();
  expect(await slack.getByRole('switch', { name: 'Enabled' }).isChecked()).toBe(true);
  await admin.open('/admin/notifications', 'Notifications');
  await slack.getByText('https://hooks.slack.com/...').waitFor();
  expect(await received(admin, heard)).not.toContain('never-shown');
});

test.each([
  { page: 'LLM', path: '/admin/llm', stored: '/api/admin/llm/config', config: { provider: 'anthropic', api_key: apiKey }, question: 'Delete the language model?', gone: 'No language model is set up.' },
  { page: 'Notifications', path: '/admin/notifications', stored: '/api/admin/notifications', config: { provider: 'slack', enabled: true, config: { webhook_url: hook } }, question: 'Delete Slack?' },
])('what is set on $page is deleted only by who says so twice', async ({ page, path, stored, config, question, gone }) => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  expect(await admin.call('POST', stored, config)).toMatchObject({ status: 200 });
  await admin.open(path, page);
  const dialog = admin.page.getByRole('dialog', { name: question });
  await admin.button('Delete').click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await admin.page.reload();
  await admin.button('Delete').click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await admin.button('Delete').count()).toBe(0);
  if (gone !== undefined) await admin.text(gone).waitFor();
});

test('a language model is not tried without an API key', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/admin/llm', 'LLM');
  const asked: string[] = [];
  admin.page.on('request', (request) => asked.push(request.url()));
  await admin.button('Test').click();
  expect(await admin.page.evaluate('document.activeElement.name')).toBe('api_key');
  expect(asked.filter((url) => url.includes('/llm/test'))).toEqual([]);
});
