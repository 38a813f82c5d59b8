/** What lists say about what is not in them any more, and where one is in them. */
import { expect, test } from 'vitest';
import { soon } from '../fixtures/soon.ts';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp } from './visitor.ts';

const lone = { ...failingPod(0, Date.now()), pod_name: 'lone-1', namespace: 'lonely', failure_reason: 'OddReason' };

test('a filter whose last pod is gone stays to be seen and taken away', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.report({ ...failingPod(1, Date.now()), pod_name: 'checkout-1', namespace: 'shop' });
  await backend.service.report(lone);
  const reasons = admin.page.getByRole('group', { name: 'Reason' });
  await admin.list('Pods').getByRole('button', { name: /lone-1/ }).waitFor();
  await reasons.getByRole('button', { name: /OddReason/ }).click();
  await admin.field('Namespace').selectOption('lonely');
  await backend.service.recovered(lone);
  await admin.text('No pod matches').waitFor();
  expect(await admin.field('Namespace').inputValue()).toBe('lonely');
  expect(await reasons.getByRole('button', { pressed: true }).innerText()).toMatch(/^OddReason\s0$/);
  await reasons.getByRole('button', { name: /All reasons/ }).click();
  await admin.field('Namespace').selectOption('All namespaces');
  await admin.list('Pods').getByRole('button', { name: /checkout-1/ }).waitFor();
  expect(await reasons.getByRole('button', { name: /OddReason/ }).count()).toBe(0);
});

test.each([
  { path: '/pods', heading: 'Failing pods', says: 'The pod of this link is not in this list' },
  { path: '/findings', heading: 'Security findings', says: 'The finding of this link is not in this list' },
])('a link to what has left $path says so, until something else is opened', async ({ path, heading, says }) => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(1);
  await backend.service.findMany(1);
  await admin.open(`${path}?open=999999`, heading);
  await admin.text(says).waitFor();
  await admin.page.getByRole('main').getByRole('listitem').getByRole('button').first().click();
  await admin.page.getByRole('dialog').waitFor();
  await admin.text(says).waitFor({ state: 'detached' });
  await admin.button('Close').click();
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await admin.text(says).count()).toBe(0);
});

test('a list that a link leads to begins at its top, a detail leaves it where it is, and the way back leads to where one was', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(40);
  await backend.service.findMany(40);
  const scrolled = () => admin.page.evaluate<number>('scrollY');
  await admin.list('Pods').waitFor();
  // What was read before is there at once, as long as it was.
  await admin.link('Security findings').click();
  await admin.list('Findings').waitFor();
  await admin.page.evaluate('scrollTo(0, 1_000)');
  await admin.list('Findings').locator('li[aria-posinset="18"]').getByRole('button').click();
  await admin.page.getByRole('dialog').waitFor();
  expect(await scrolled()).toBe(1_000);
  await admin.button('Close').click();
  await admin.link('Failing pods').click();
  await admin.list('Pods').waitFor();
  expect(await scrolled()).toBe(0);
  await admin.page.goBack();
  await admin.list('Findings').waitFor();
  await expect.poll(scrolled, soon).toBe(1_000);
});

test('the way back from a list whose detail was closed leads to the page before it', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(1);
  await admin.open('/findings', 'Security findings');
  await admin.link('Failing pods').click();
  await admin.list('Pods').getByRole('button').first().click();
  await admin.page.getByRole('dialog').waitFor();
  const address = admin.page.url();
  await admin.page.keyboard.press('Escape');
  await admin.page.keyboard.press('Escape');
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
  await admin.sees('Failing pods');
  await admin.page.goBack();
  await admin.sees('Security findings');
  // A link to a detail has no list before it.
  await admin.open(address, 'Failing pods');
  await admin.button('Close').click();
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
  await admin.sees('Failing pods');
});
