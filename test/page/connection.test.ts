/** What an open page does when its connection comes late, goes silent, or is closed. */
import type { WebSocketRoute } from 'playwright-core';
import { expect, test } from 'vitest';
import { soon } from '../fixtures/soon.ts';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { invitation, signUp } from './visitor.ts';

const pod = (name: string) => ({ ...failingPod(0, Date.now()), pod_name: name });

test('what was told before the connection was there is in the list', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const connecting = Promise.withResolvers<void>();
  await admin.page.routeWebSocket('/ws', async (socket) => {
    await connecting.promise;
    socket.connectToServer();
  });
  await admin.open('/pods', 'Failing pods');
  await admin.text('No failing pod is reported').waitFor();
  await backend.service.report(pod('checkout-1'));
  connecting.resolve();
  await admin.list('Pods').getByRole('button', { name: /checkout-1/ }).waitFor();
});

test('what was told while the list was read is in it, also where the answer is older', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const row = (name: string) => admin.list('Pods').getByRole('button', { name: new RegExp(name) });
  await backend.service.report(pod('checkout-1'));
  await row('checkout-1').click();
  const told = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  await admin.page.route('**/api/pods/failed', async (route) => {
    const response = await route.fetch();
    taken.resolve();
    await told.promise;
    await route.fulfill({ response });
  });
  await admin.button('Dismiss').click();
  await taken.promise;
  await backend.service.report(pod('checkout-2'));
  await row('checkout-2').waitFor();
  const read = admin.page.waitForResponse('**/api/pods/failed');
  told.resolve();
  await (await read).finished();
  await admin.settled();
  expect(await row('checkout-2').count()).toBe(1);
});

test('a change that says more than its message is in a list that is read for the first time', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.report(pod('checkout-1'));
  const answering = Promise.withResolvers<void>();
  const answers: string[] = [];
  await admin.page.route('**/api/pods/failed', async (route) => {
    const response = await route.fetch();
    answers.push(await response.text());
    await answering.promise;
    await route.fulfill({ response });
  });
  await admin.open('/pods', 'Failing pods');
  await admin.page.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => answers.length, soon).toBeGreaterThan(0);
  await admin.call('POST', '/api/admin/excluded-pods', { pod_name: 'checkout-1' });
  await expect.poll(() => answers.at(-1), { timeout: 20_000 }).toBe('[]');
  answering.resolve();
  await admin.text('No failing pod is reported').waitFor();
});

test('a view that was open before a gap has what was told in the gap and after it', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const opening = Promise.withResolvers<void>();
  const closers: (() => Promise<void>)[] = [];
  await admin.page.routeWebSocket('/ws', async (socket) => {
    closers.push(() => socket.close());
    if (closers.length > 1) await opening.promise;
    socket.connectToServer();
  });
  const fail = async (name: string): Promise<void> => {
    await backend.service.report(pod(name));
    await backend.service.recovered(pod(name));
  };
  await admin.open('/pods/history', 'Failing pods');
  await admin.text('No history yet').waitFor();
  await admin.page.getByText('Live', { exact: true }).waitFor();
  await admin.page.getByRole('link', { name: /^Failing/ }).first().click();
  await closers[0]!();
  await admin.text('Live updates are lost.').waitFor();
  await fail('checkout-1');
  opening.resolve();
  await admin.page.getByText('Live', { exact: true }).waitFor();
  await admin.settled();
  await fail('checkout-2');
  await backend.service.report(pod('checkout-3'));
  await admin.list('Pods').getByRole('button', { name: /checkout-3/ }).waitFor();
  await admin.page.getByRole('link', { name: /^History/ }).click();
  for (const name of [/checkout-1/, /checkout-2/]) await admin.list('Pods').getByRole('button', { name }).waitFor();
});

test('a connection on which nothing comes any more is lost and opened again, and no sooner', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.report(pod('checkout-1'));
  const [failure] = (await admin.call('GET', '/api/pods/failed')).answer as [object];
  const opening = Promise.withResolvers<void>();
  const sockets: WebSocketRoute[] = [];
  await admin.page.clock.install();
  await admin.page.routeWebSocket('/ws', async (socket) => {
    // The first one is open, and behind it is nobody.
    if (sockets.push(socket) === 1) return;
    await opening.promise;
    socket.connectToServer();
  });
  const live = admin.page.getByText('Live', { exact: true });
  await admin.open('/pods', 'Failing pods');
  await live.waitFor();
  await admin.page.clock.fastForward(50_000);
  sockets[0]!.send(JSON.stringify({ type: 'pod_failure', data: { ...failure, failure_message: 'still there' } }));
  await admin.list('Pods').getByText('still there').waitFor();
  await admin.page.clock.fastForward(50_000);
  expect(await live.count()).toBe(1);
  await admin.page.clock.fastForward(30_000);
  await admin.text('Live updates are lost.').waitFor();
  opening.resolve();
  await live.waitFor();
});

test('a page that is turned away connects again as long as somebody is logged in', async () => {
  const admin = await signUp(await startBackend());
  const closers: (() => Promise<void>)[] = [];
  await admin.page.routeWebSocket('/ws', (socket) => {
    socket.connectToServer();
    closers.push(() => socket.close({ code: 1008, reason: 'the session has ended' }));
  });
  await admin.open('/pods', 'Failing pods');
  await admin.page.getByText('Live', { exact: true }).waitFor();
  await closers[0]!();
  await admin.text('Live updates are lost.').waitFor();
  await admin.page.getByText('Live', { exact: true }).waitFor();
  expect(closers).toHaveLength(2);
});

test('where somebody else logs in, the other tabs of the browser are theirs, with nothing of who was there before', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const path = await invitation(admin, 'read');
  await admin.open('/account', 'Account');
  await admin.page.getByRole('row', { name: '(this browser)' }).waitFor();
  await admin.page.route('**/api/auth/sessions', () => undefined);
  const otherTab = await admin.page.context().newPage();
  await otherTab.goto(path);
  await otherTab.getByLabel('Username').fill('guest');
  for (const label of ['Password', 'Password again']) await otherTab.getByLabel(label, { exact: true }).fill('a long enough password');
  await otherTab.getByRole('button', { name: 'Create account' }).click();

  await admin.link('guest Account, role read').waitFor();
  await admin.page.getByRole('status', { name: 'Loading' }).waitFor();
  expect(await admin.page.getByRole('row').count()).toBe(0);
  await admin.page.getByText('Live', { exact: true }).waitFor();
});
