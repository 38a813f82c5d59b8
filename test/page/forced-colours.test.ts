/** Where the system has colours of its own, as for weak eyes: what a background alone would say has to be seen all the same. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { signUp } from './visitor.ts';

/** How it looks, by its pixels. */
const look = async (what: Locator): Promise<string> => (await what.screenshot()).toString('base64');

test('the page, the view and the theme where one is, what is chosen, and what is switched on look different from the others', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend, { forcedColors: 'active', reducedMotion: 'reduce' });
  await backend.service.reportPods(1);
  await admin.list('Pods').waitFor();
  /** As it is with and without what says that it is the one. */
  const differs = async (what: Locator, attribute: string): Promise<boolean> => {
    const before = await look(what);
    await what.evaluate((element, name) => element.removeAttribute(name), attribute);
    return before !== (await look(what));
  };
  const isSeen = {
    page: await differs(admin.link('Failing pods'), 'aria-current'),
    view: await differs(admin.page.getByRole('link', { name: /^Failing \d/ }), 'aria-current'),
    theme: await differs(admin.button('Theme: system'), 'aria-pressed'),
    reason: await differs(admin.page.getByRole('button', { name: /^All reasons/ }), 'aria-pressed'),
  };
  expect(isSeen).toEqual({ page: true, view: true, theme: true, reason: true });

  await admin.call('POST', '/api/admin/notifications', { provider: 'slack', enabled: true, config: { webhook_url: 'https://hooks.slack.com/services/T0/B0/x' } });
  await admin.open('/admin/notifications', 'Notifications');
  const enabled = admin.page.getByRole('switch', { name: 'Enabled' });
  const on = await look(enabled);
  await enabled.uncheck();
  await admin.page.getByRole('heading', { level: 1 }).hover();
  expect(await look(enabled)).not.toBe(on);
});
