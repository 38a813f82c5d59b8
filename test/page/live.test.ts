import { gzipSync } from 'node:zlib';
import { nanoid } from 'nanoid';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../unit/backend/harness.ts';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp } from './visitor.ts';

test('a failing pod shows up in an open page, changes there, and goes to the history when it recovers', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.text('No failing pod is reported').waitFor();
  const pod = { ...failingPod(0, Date.now()), pod_name: 'checkout-1', failure_message: 'first message' };
  await backend.service.report(pod);
  const row = admin.list('Pods').getByRole('button', { name: /checkout-1/ });
  await row.filter({ hasText: 'first message' }).waitFor();

  await backend.service.report({ ...pod, failure_message: 'second message' });
  await row.filter({ hasText: 'second message' }).waitFor();
  expect(await row.count()).toBe(1);

  await backend.service.recovered(pod);
  await admin.text('No failing pod is reported').waitFor();
  await admin.page.getByRole('link', { name: /^History/ }).click();
  await row.waitFor();
});

test('the detail of a failing pod has the captured logs of each container that crashed', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const pod = failingPod(0, Date.now());
  const container = pod.container_statuses![0]!.name;
  const previous = { data: gzipSync('the last words of the run before').toString('base64') };
  await backend.service.report({ ...pod, failure_logs: { version: 1, encoding: 'gzip+base64', containers: { [container]: { previous } } } });
  await admin.list('Pods').getByRole('button').first().click();
  const detail = admin.page.getByRole('dialog', { name: pod.pod_name });
  const captured = detail.getByRole('region', { name: `Captured logs of ${container}` });
  await captured.getByText('the last words of the run before').waitFor();
  expect(await detail.getByRole('region', { name: 'Logs', exact: true }).textContent()).toBe(pod.logs);
});

test('captured logs of an init container are shown, though the agent of Kure Monitor has no status of it', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const previous = { data: gzipSync('the migration failed').toString('base64') };
  await backend.service.report({ ...failingPod(0, Date.now()), failure_logs: { version: 1, encoding: 'gzip+base64', containers: { migrate: { previous } } } });
  await admin.list('Pods').getByRole('button').first().click();
  const captured = admin.page.getByRole('dialog').getByRole('region', { name: 'Captured logs of migrate' });
  expect(await captured.textContent()).toBe('the migration failed');
});

test('captured logs that could not be read say so, and are read at the next try', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const previous = { data: gzipSync('the migration failed').toString('base64') };
  await backend.service.report({ ...failingPod(0, Date.now()), failure_logs: { version: 1, encoding: 'gzip+base64', containers: { migrate: { previous } } } });
  const logs = '**/api/pods/*/*/logs?*';
  await admin.page.route(logs, (route) => route.fulfill({ status: 503, json: { message: 'The database is away' } }));
  await admin.list('Pods').getByRole('button').first().click();
  const detail = admin.page.getByRole('dialog');
  await detail.getByRole('alert').filter({ hasText: 'The database is away.' }).waitFor();
  await admin.page.unroute(logs);
  await detail.getByRole('button', { name: 'Try again' }).click();
  await detail.getByRole('region', { name: 'Captured logs of migrate' }).getByText('the migration failed').waitFor();
});

test('captured logs in an open detail are those of the newest crash', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const pod = failingPod(0, Date.now());
  const [{ name, restart_count, ...rest }] = pod.container_statuses as [NonNullable<typeof pod.container_statuses>[number]];
  const crash = (count: number, words: string) => ({
    ...pod,
    container_statuses: [{ name, restart_count: restart_count + count, ...rest }],
    failure_logs: { version: 1, encoding: 'gzip+base64', containers: { [name]: { previous: { data: gzipSync(words).toString('base64') } } } },
  });
  await backend.service.report(crash(0, 'the words of one crash'));
  await admin.list('Pods').getByRole('button').first().click();
  const captured = admin.page.getByRole('dialog').getByRole('region', { name: `Captured logs of ${name}` });
  await captured.getByText('the words of one crash').waitFor();
  await backend.service.report(crash(1, 'the words of the next'));
  await captured.getByText('the words of the next').waitFor();
  expect(await captured.getByText('the words of one crash').count()).toBe(0);
});

test('the detail of a failing pod has its events, logs and manifest', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const pod = failingPod(0, Date.now());
  await backend.service.report(pod);
  await admin.list('Pods').getByRole('button').first().click();
  const detail = admin.page.getByRole('dialog', { name: pod.pod_name });
  await detail.getByText('Back-off restarting failed container').waitFor();
  expect(await detail.getByRole('region', { name: 'Logs', exact: true }).textContent()).toBe(pod.logs);
  expect(await detail.getByRole('region', { name: 'Manifest' }).textContent()).toBe(pod.manifest);
  await admin.page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
});

test('a detail stays open: it shows who is at it, follows new reports, and says when its pod has left the list', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  const pod = failingPod(0, Date.now());
  await backend.service.report(pod);
  const row = admin.list('Pods').getByRole('button').first();
  await row.click();
  const detail = admin.page.getByRole('dialog', { name: pod.pod_name });
  await detail.getByRole('button', { name: 'Acknowledge' }).click();
  await detail.getByText('acknowledged').waitFor();
  await row.getByText('acknowledged').waitFor();
  expect(await detail.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);

  await backend.service.report({ ...pod, failure_message: 'another message' });
  await detail.getByText('another message').waitFor();
  await backend.service.recovered(pod);
  await detail.getByText('This pod has left the list').waitFor();
  expect(await detail.getByRole('button', { name: 'Dismiss' }).count()).toBe(0);
  await admin.page.keyboard.press('Escape');
  await admin.text('No failing pod is reported').waitFor();
});

test('a pod is dismissed and restored, and another open page follows', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.report({ ...failingPod(0, Date.now()), pod_name: 'checkout-1' });
  const other = await admin.page.context().newPage();
  await other.goto('/pods');
  const row = admin.list('Pods').getByRole('button', { name: /checkout-1/ });
  const otherRow = other.getByRole('list', { name: 'Pods' }).getByRole('button', { name: /checkout-1/ });
  await otherRow.waitFor();

  await admin.page.bringToFront();
  await row.click();
  await admin.button('Dismiss').click();
  await otherRow.waitFor({ state: 'detached' });
  await admin.page.getByRole('link', { name: /^Ignored/ }).click();
  await row.click();
  await admin.button('Restore').click();
  await otherRow.waitFor();
});

test('a detail closes after its Dismiss, also where the open page hears of it before the answer', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.report({ ...failingPod(0, Date.now()), pod_name: 'checkout-1' });
  await admin.list('Pods').getByRole('button', { name: /checkout-1/ }).click();
  await admin.page.route('**/api/pods/failed/*', async (route) => {
    const response = await route.fetch();
    await admin.text('This pod has left the list').waitFor();
    await route.fulfill({ response });
  });
  await admin.button('Dismiss').click();
  await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a rescan is asked for, runs and ends, as the scanner says', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await admin.open('/findings', 'Security findings');
  await admin.button('Rescan').click();
  await admin.text('Rescan requested. The scanner starts').waitFor();
  await backend.service.scan('started');
  await admin.text('The scanner is at work.').waitFor();
  await backend.service.findMany(1);
  await admin.list('Findings').getByRole('button').first().waitFor();
  await backend.service.scan('completed');
  await admin.text('The rescan is completed.').waitFor();
  await admin.button('Rescan').click();
  await admin.text('Rescan requested. The scanner starts').waitFor();
});

test('a page that has lost its backend says so, and catches up when it is back', async () => {
  const place = { DATA_DIR: await temporaryDirectory(), SERVICE_TOKEN: nanoid(48) };
  const backend = await startBackend(place);
  const admin = await signUp(backend, { expects: /^WebSocket connection|ERR_CONNECTION_REFUSED/ });
  await admin.page.getByText('Live', { exact: true }).waitFor();
  await admin.settled();
  backend.kill('SIGKILL');
  await backend.ended;
  await admin.text('Live updates are lost.').waitFor();

  const again = await startBackend({ ...place, PORT: String(backend.port) });
  await again.service.report({ ...failingPod(0, Date.now()), pod_name: 'checkout-1' });
  await admin.list('Pods').getByRole('button', { name: /checkout-1/ }).waitFor();
  await admin.text('Live updates are lost.').waitFor({ state: 'detached' });
});
