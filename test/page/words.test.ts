import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { emptySituations, furnish, insideSituations, outsideSituations, present } from './situations.ts';
import { insideTroubles, outsideTroubles } from './troubles.ts';
import { invitation, invite, signUp, visit, type Visitor } from './visitor.ts';
import { explainedWords, wordsOf } from './words.ts';

/** Names that people and clusters have given, not the dashboard. */
const isData = (word: string): boolean =>
  /^(admin Account|lin|amara|jonas|reader)\b|^(data|mail|payments|platform|search|shop)$|^Delete (lin|amara|jonas)\?$|-[a-z0-9]{3,5}$|: (web|worker|proxy|migrate|exporter)$/.test(word);

/** Some seventy pages. */
const timeout = 5 * 60_000;

test('each word that names something on the screen is explained in docs/dashboard.md', { timeout }, async () => {
  const backend = await startBackend();
  const words = new Map<string, string>();
  const note = async (visitor: Visitor, situation: string): Promise<void> => {
    for (const word of await wordsOf(visitor)) if (!words.has(word)) words.set(word, situation);
  };
  const first = await visit(backend);
  await first.open('/', 'Create the first admin');
  await note(first, 'first-visit');
  const admin = await signUp(backend);
  for (const situation of emptySituations) {
    await present(admin, situation);
    await note(admin, situation.name);
  }
  await furnish(backend.service, admin, { pods: 12, findings: 12 });
  const reader = await invite(backend, admin, 'read', 'reader');
  await note(reader, 'reader');
  const stranger = await visit(backend, { viewport: { width: 390, height: 844 } });
  const invited = await invitation(admin, 'write');
  const inside = [...insideSituations, ...insideTroubles].filter(({ isOnPhonesOnly }) => !isOnPhonesOnly);
  const outside = [...outsideSituations(invited), ...outsideTroubles(invited)];
  for (const [visitor, situations] of [[admin, inside], [stranger, outside]] as const) {
    for (const situation of situations) {
      await present(visitor, situation);
      await note(visitor, situation.name);
    }
  }
  const explained = explainedWords();
  const unexplained = [...words].filter(([word]) => !explained.has(word) && !isData(word)).map(([word, situation]) => `${word} (${situation})`);
  expect(words.size).toBeGreaterThan(60);
  expect(unexplained).toEqual([]);
});
