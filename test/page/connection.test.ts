/** What an open page does when its connection comes late, goes silent, or is closed. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp } from './visitor.ts';

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
  await backend.service.report({ ...failingPod(0, Date.now()), pod_name: 'checkout-1' });
  connecting.resolve();
  await admin.list('Pods').getByRole('button', { name: /checkout-1/ }).waitFor();
});

test('what was told while the list was read is in it, also where the answer is older', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const pod = (name: string) => ({ ...failingPod(0, Date.now()), pod_name: name });
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
  await backend.service.report({ ...failingPod(0, Date.now()), pod_name: 'checkout-1' });
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
  await expect.poll(() => answers.length).toBeGreaterThan(0);
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
    const pod = { ...failingPod(0, Date.now()), pod_name: name };
    await backend.service.report(pod);
    await backend.service.recovered(pod);
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
  await backend.service.report({ ...failingPod(0, Date.now()), pod_name: 'checkout-3' });
  await admin.list('Pods').getByRole('button', { name: /checkout-3/ }).waitFor();
  await admin.page.getByRole('link', { name: /^History/ }).click();
  for (const name of [/checkout-1/, /checkout-2/]) await admin.list('Pods').getByRole('button', { name }).waitFor();
});

test('a connection on which nothing comes any more is lost and opened again, one with a heartbeat is not', async () => {
  const admin = await signUp(await startBackend());
  const opening = Promise.withResolvers<void>();
  const beats: (() => void)[] = [];
  await admin.page.clock.install();
  await admin.page.routeWebSocket('/ws', async (socket) => {
    // The first one is open, and behind it is nobody.
    const beat = beats.push(() => socket.send('{"type":"heartbeat","data":{}}'));
    if (beat === 1) return;
    await opening.promise;
    socket.connectToServer();
  });
  const live = admin.page.getByText('Live', { exact: true });
  await admin.open('/pods', 'Failing pods');
  await live.waitFor();
  await admin.page.clock.fastForward(50_000);
  const heard = admin.page.evaluate('new Promise((done) => requestAnimationFrame(done))');
  beats[0]!();
  await heard;
  await admin.page.clock.fastForward(50_000);
  expect(await live.count()).toBe(1);
  await admin.page.clock.fastForward(30_000);
  await admin.text('Live updates are lost.').waitFor();
  opening.resolve();
  await live.waitFor();
  expect(beats.length).toBeGreaterThan(1);
});
