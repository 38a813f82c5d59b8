import { test } from 'vitest';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp } from './visitor.ts';

/** As after an upgrade, or while the backend is away. */
const expects = /dynamically imported module|Unable to preload CSS|Failed to load resource|ERR_FAILED/;

test('a page whose files do not come says so, the others stay, and a reload brings it', async () => {
  const admin = await signUp(await startBackend(), { expects });
  await admin.page.route('**/assets/users-page*', (route) => route.abort());
  await admin.link('Users').click();
  await admin.sees('This page could not be loaded');
  await admin.link('LLM').click();
  await admin.sees('LLM');
  await admin.link('Users').click();
  await admin.sees('This page could not be loaded');
  await admin.page.unrouteAll();
  await admin.button('Reload the page').click();
  await admin.sees('Users');
});

test('advice is plain text where what shows Markdown does not come', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend, { expects });
  const pod = failingPod(0, Date.now());
  await backend.service.report(pod);
  await admin.page.route('**/assets/markdown*', (route) => route.abort());
  const failed = admin.page.waitForEvent('requestfailed', (request) => request.url().includes('/assets/markdown'));
  const row = admin.list('Pods').getByRole('button').first();
  const detail = admin.page.getByRole('dialog', { name: pod.pod_name });
  const [{ solution }] = (await admin.call('GET', '/api/pods/failed')).answer as [{ solution: string }];
  await row.click();
  await failed;
  // The second time it is known that it does not come.
  await admin.button('Close').click();
  await detail.waitFor({ state: 'detached' });
  await row.click();
  await detail.getByText(solution).waitFor();
  await admin.settled();
  await admin.button('Close').click();
  await detail.waitFor({ state: 'detached' });
  await row.waitFor();
});
