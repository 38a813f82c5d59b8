import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { signUp } from './visitor.ts';

const many = 10_000;

test('10,000 findings can be scrolled to the last and searched, with few of them in the page at a time', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.findMany(many);
  await admin.open('/findings', 'Security findings');
  const rows = admin.list('Findings').getByRole('listitem');
  await rows.first().waitFor();
  expect(await rows.first().getAttribute('aria-setsize')).toBe(String(many));

  const last = admin.list('Findings').locator(`li[aria-posinset="${many}"]`);
  const longest: number[] = [];
  for (let step = 1; step <= 20; step += 1) {
    await admin.page.evaluate(`scrollTo(0, document.documentElement.scrollHeight * ${step / 20})`);
    await admin.page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    longest.push(await rows.count());
  }
  await last.waitFor();
  expect(await last.isVisible()).toBe(true);
  expect(Math.max(...longest)).toBeLessThan(100);
  expect(Math.min(...longest)).toBeGreaterThan(0);

  await admin.field('Search findings').fill('worker-00006');
  await admin.text('1 finding').waitFor();
  expect(await rows.count()).toBe(1);
});
