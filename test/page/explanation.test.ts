import type { ServerResponse } from 'node:http';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { fakeModel, refuse, say, type FakeModel, type Reply } from '../fixtures/language-model.ts';
import { soon } from '../fixtures/soon.ts';
import { startBackend } from './backend.ts';
import { invite, signUp, type Visitor } from './visitor.ts';

const apiKey = 'sk-proj-0123456789-never-shown';

const answer = [
  '### Cause',
  'The line `exec: web: not found` says it. <img src="https://pictures.example/seen.png"> ![seen](https://pictures.example/too.png)',
  '### What to do',
  '1. Mend `spec.containers[0].command`, see [here](https://links.example/more).',
  '```yaml\ncommand: ["/bin/web"]\n```',
].join('\n\n');

/** With the model set up in the page. */
async function start(...replies: readonly Reply[]) {
  const model = await fakeModel(say('ready'), ...replies);
  const backend = await startBackend({ OUTBOUND_ALLOW: '127.0.0.1' });
  const admin = await signUp(backend);
  await setUp(admin, model);
  await backend.service.reportPods(1);
  await backend.service.findMany(1);
  return { model, backend, admin };
}

async function setUp(admin: Visitor, { url }: FakeModel): Promise<void> {
  await admin.open('/admin/llm', 'LLM');
  await admin.field('Provider').selectOption('openai');
  await admin.field('API key').fill(apiKey);
  await admin.field('Base URL').fill(`${url}/v1`);
  await admin.button('Test').click();
  await admin.text('It answers.').waitFor();
  await admin.button('Save').click();
  await admin.text('The language model is set up.').waitFor();
}

async function openFirst(visitor: Visitor, path: string, heading: string, list: string) {
  await visitor.open(path, heading);
  await visitor.list(list).getByRole('button').first().click();
  return visitor.page.getByRole('dialog');
}

const openPod = (visitor: Visitor) => openFirst(visitor, '/pods', 'Failing pods', 'Pods');

test('a language model explains a failing pod, while everybody waits and for everybody who looks', async () => {
  const held: (() => void)[] = [];
  const hold: Reply = (asked, response: ServerResponse) => void held.push(() => say(answer)(asked, response));
  const { model, backend, admin } = await start(hold, refuse(500, 'overloaded'));
  const reader = await invite(backend, admin, 'read', 'reader');
  const heard: string[] = [];
  admin.page.on('response', (response) => void response.text().then((text) => heard.push(text)).catch(() => undefined));

  const seen = await openPod(reader);
  const detail = await openPod(admin);
  await detail.getByRole('button', { name: 'Explain', exact: true }).click();
  await detail.getByText('The language model is asked.').waitFor();
  await expect.poll(() => held.length, soon).toBe(1);
  held[0]!();
  for (const part of [detail, seen]) {
    await part.getByText('What to do').waitFor();
    await part.getByText('openai/gpt-5-mini').waitFor();
    expect(await part.locator('img, a').count()).toBe(0);
    expect(await part.getByRole('listitem').filter({ hasText: 'see here' }).count()).toBe(1);
    expect(await part.locator('pre code').innerText()).toContain('/bin/web');
  }
  expect(await detail.getByText('The language model is asked.').count()).toBe(0);
  expect(await seen.getByRole('button', { name: /Explain/ }).count()).toBe(0);

  await detail.getByRole('button', { name: 'Explain again' }).click();
  await detail.getByRole('alert').filter({ hasText: '127.0.0.1 answered 500: overloaded.' }).waitFor();
  await detail.getByText('What to do').waitFor();
  expect(model.asked.every(({ headers }) => headers.authorization === `Bearer ${apiKey}`)).toBe(true);
  expect([...heard, await admin.page.content(), backend.output()].join('\n')).not.toContain(apiKey);
});

test('logs are sent where somebody asks for that', async () => {
  const { model, admin } = await start(say('The logs say why.'), say('They say it again.'));
  const detail = await openPod(admin);
  await detail.getByRole('button', { name: 'Explain from the logs' }).click();
  await detail.getByText('The logs say why.').waitFor();
  await detail.getByRole('button', { name: 'Read the logs again' }).click();
  await detail.getByText('They say it again.').waitFor();
  expect(model.asked.at(-1)?.body).toContain('Last lines of');
});

/** Gives back the manifest that it was asked about, with one line more. */
const proposal: Reply = (asked, response) => {
  const { messages } = JSON.parse(asked.body) as { messages: { content: string }[] };
  const manifest = /Manifest:\n~~~\n(.*?)\n~~~/s.exec(messages.at(-1)!.content)![1]!;
  say(`\`\`\`yaml\n${manifest}\nadded: true\n\`\`\`\nOne line more.`)(asked, response);
};

test('a finding shows how its manifest could be', async () => {
  const { admin } = await start(proposal, say('I cannot.'));
  const detail = await openFirst(admin, '/findings', 'Security findings', 'Findings');
  await detail.getByRole('button', { name: 'Suggest a fix' }).click();
  await detail.getByText('One line more.').waitFor();
  expect(await detail.getByRole('region', { name: 'Changes' }).locator('ins').allInnerTexts()).toEqual(['+ added: true\n']);
  await detail.getByRole('button', { name: 'Suggest again' }).click();
  await detail.getByRole('alert').filter({ hasText: 'answered without a manifest' }).waitFor();
});

/** Each with where its third character stands: the first of the manifest's line. */
const linesOfChanges = `[...document.querySelectorAll('[aria-label=Changes] > *')].map(({ textContent, firstChild }) => {
  const range = document.createRange();
  range.setStart(firstChild, 2);
  range.setEnd(firstChild, 3);
  return { text: textContent, left: range.getBoundingClientRect().left };
})`;

test('each line of a suggested fix stands in its column, and what is copied is the manifest', async () => {
  const { admin, backend } = await start(proposal);
  await admin.page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: backend.url });
  const detail = await openFirst(admin, '/findings', 'Security findings', 'Findings');
  const manifest = (await detail.getByRole('region', { name: 'Manifest' }).textContent())!.trimEnd();
  await detail.getByRole('button', { name: 'Suggest a fix' }).click();
  const changes = detail.getByRole('region', { name: 'Changes' });
  await changes.waitFor();

  const shown = [...manifest.split('\n').map((line) => `  ${line}`), '+ added: true'];
  const lines = await admin.page.evaluate<{ readonly text: string; readonly left: number }[]>(linesOfChanges);
  expect(lines.map(({ text }) => text)).toEqual(shown.map((line) => `${line}\n`));
  expect(new Set(lines.map(({ left }) => left)).size).toBe(1);

  await detail.getByRole('button', { name: 'Copy the manifest' }).click();
  await detail.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await admin.page.evaluate<string>('navigator.clipboard.readText()');
  expect(copied.trimEnd()).toBe(`${manifest}\nadded: true`);
  expect(load(copied)).toEqual({ ...(load(manifest) as object), added: true });
});

test('a model that does not answer is told apart from one that does before it is saved', async () => {
  const { admin } = await start(refuse(401, 'no such key'));
  await admin.open('/admin/llm', 'LLM');
  await admin.button('Test').click();
  expect(await admin.page.getByRole('alert').innerText()).toBe('127.0.0.1 answered 401: no such key.');
});
