/** What comes onto paper, where nobody scrolls. */
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { failingPod } from './seed/failing-pods.ts';
import { signUp, type Visitor } from './visitor.ts';

/** As for a sheet of A4. */
async function print({ page }: Visitor): Promise<void> {
  await page.setViewportSize({ width: 794, height: 1_123 });
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
}

test('a list has all its rows on paper, one below the other, and no navigation; afterwards it is as it was', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.findMany(200);
  await admin.open('/findings', 'Security findings');
  const rows = admin.list('Findings').getByRole('listitem');
  await rows.first().waitFor();
  const before = await rows.count();
  await print(admin);
  expect(await rows.count()).toBe(200);
  const boxes = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
  expect(boxes.slice(1).every(({ top }, index) => Math.abs(top - boxes[index]!.bottom) < 1)).toBe(true);
  expect(await admin.link('Suppressions').isVisible()).toBe(false);

  await admin.page.evaluate(`dispatchEvent(new Event('afterprint'))`);
  expect(await rows.count()).toBeLessThan(before + 20);
});

test('a detail comes onto paper as a whole and alone, dark on white also where the theme is dark', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.report({ ...failingPod(0, Date.now()), logs: Array.from({ length: 300 }, (_, line) => `line ${line}`).join('\n') });
  await admin.button('Theme: dark').click();
  await admin.list('Pods').getByRole('button').click();
  const detail = admin.page.getByRole('dialog');
  await detail.getByRole('heading', { name: 'Manifest' }).waitFor();
  await print(admin);
  const cut = await detail.evaluate((dialog) =>
    [dialog, ...dialog.querySelectorAll('div, pre')].filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1).length,
  );
  expect(cut).toBe(0);
  const last = await detail.evaluate((dialog) => dialog.getBoundingClientRect().bottom);
  expect(await admin.page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(last + 50);
  expect(await admin.list('Pods').isVisible()).toBe(false);
  expect(await admin.page.evaluate<string>(`getComputedStyle(document.querySelector('dialog')).colorScheme`)).toBe('light');
});
