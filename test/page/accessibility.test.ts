/** What a keyboard, a screen reader or weak eyes would stumble over, in everything that can be seen. */
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { emptySituations, furnish, insideSituations, outsideSituations, present, type Situation } from './situations.ts';
import { insideTroubles, outsideTroubles } from './troubles.ts';
import { invitation, signUp, visit, type Visitor } from './visitor.ts';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** One line for each, such as `login: color-contrast: ... <p>`. */
async function violations(visitor: Visitor, situation: Situation): Promise<string[]> {
  const { page } = visitor;
  await present(visitor, situation);
  await page.evaluate(axe.source);
  const found = await page.evaluate<Violation[]>('axe.run(document).then(({ violations }) => violations)');
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${situation.name}: ${id}: ${help}: ${html.slice(0, 160)}`));
}

const screens = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, device: 'desktop', viewport: { width: 1440, height: 900 } },
  { colorScheme, device: 'phone', viewport: { width: 390, height: 844 } },
]);

/** Some sixty pages each. */
const timeout = 10 * 60_000;

test.each(screens)('axe finds nothing in the $colorScheme theme on a $device', { timeout }, async ({ colorScheme, device, viewport }) => {
  const backend = await startBackend();
  const options = { colorScheme, viewport, reducedMotion: 'reduce' } as const;
  const stranger = await visit(backend, options);
  const found = await violations(stranger, { name: 'first-visit', show: (visitor) => visitor.open('/', 'Create the first admin') });
  const admin = await signUp(backend, options);
  for (const situation of emptySituations) found.push(...(await violations(admin, situation)));
  await furnish(backend.service, admin, { pods: 12, findings: 12 });
  const invited = await invitation(admin, 'write');
  const inside = [...insideSituations, ...insideTroubles];
  const outside = [...outsideSituations(invited), ...outsideTroubles(invited)];
  for (const [visitor, situations] of [[admin, inside], [stranger, outside]] as const) {
    const fitting = situations.filter(({ isOnPhonesOnly }) => !isOnPhonesOnly || device === 'phone');
    for (const situation of fitting) found.push(...(await violations(visitor, situation)));
  }
  expect(found).toEqual([]);
});

test('by the keyboard alone one gets from the heading to a detail and back, and to the way around the page', async () => {
  const backend = await startBackend();
  const admin = await signUp(backend);
  await backend.service.reportPods(12);
  await admin.open('/pods', 'Failing pods');
  await admin.list('Pods').waitFor();
  const { page } = admin;
  const focused = () => page.evaluate<string>('document.activeElement.innerText');
  const pressUntil = async (key: string, text: string): Promise<string> => {
    for (let presses = 0; presses < 30 && !(await focused()).includes(text); presses += 1) await page.keyboard.press(key);
    return focused();
  };
  expect(await focused()).toBe('Failing pods');
  const row = await pressUntil('Tab', 'checkout-');
  expect(row).toContain('checkout-');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused()).toBe(row);
  expect(await pressUntil('Shift+Tab', 'Skip to content')).toBe('Skip to content');
});
