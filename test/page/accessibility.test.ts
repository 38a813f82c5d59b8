/** What a screen reader or weak eyes would stumble over, in everything that can be seen. */
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

/** One line for each, such as `login in dark: color-contrast: ... <p>`. */
async function violations(visitor: Visitor, situation: Situation): Promise<string[]> {
  const { page } = visitor;
  await present(visitor, situation);
  await page.evaluate(axe.source);
  const lines: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate<Violation[]>('axe.run(document).then(({ violations }) => violations)');
    lines.push(...found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${situation.name} in ${colorScheme}: ${id}: ${help}: ${html.slice(0, 160)}`)));
  }
  return lines;
}

const screens = [
  { device: 'desktop', viewport: { width: 1440, height: 900 } },
  { device: 'phone', viewport: { width: 390, height: 844 } },
];

/** Some sixty pages each. */
const timeout = 10 * 60_000;

test.each(screens)('axe finds nothing on a $device, in either theme', { timeout }, async ({ device, viewport }) => {
  const backend = await startBackend();
  const options = { viewport, reducedMotion: 'reduce' } as const;
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
