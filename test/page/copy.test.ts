import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp } from './visitor.ts';

test('a button says that it has copied, for a moment, what is shown; and that it could not', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend, { permissions: ['clipboard-read', 'clipboard-write'] });
  const pod = { ...failingPod(0, Date.now()), manifest: 'kind: Pod # one' };
  await backend.service.report(pod);
  await admin.page.clock.install();
  await admin.open('/pods', 'Failing pods');
  await admin.list('Pods').getByRole('button').first().click();
  const manifest = admin.page.getByRole('dialog').locator('section').filter({ has: admin.page.getByRole('heading', { name: 'Manifest' }) });
  const button = manifest.getByRole('button');
  const says = (label: string) => button.filter({ hasText: new RegExp(`^${label}$`) }).waitFor();
  await says('Copy');
  await button.click();
  await says('Copied');
  await admin.page.clock.fastForward(10_000);
  await says('Copy');

  await button.click();
  await says('Copied');
  await backend.service.report({ ...pod, manifest: 'kind: Pod # another' });
  await manifest.getByText('kind: Pod # another').waitFor();
  expect(await button.innerText()).toBe('Copy');

  await admin.page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))`);
  await button.click();
  await says('Not copied');
});
