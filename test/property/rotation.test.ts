import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { events, realCast, Story, type Cast, type Event } from './rotation/story.ts';
import { variants } from './rotation/variants.ts';

const numRuns = Number(process.env['RUNS'] ?? 10_000);

const again = (times: number, ...told: Event['name'][]): Event[] =>
  Array.from({ length: times }, () => told.map((name) => ({ name, pick: 0 }))).flat();

/** Once found by chance, rarely: many edits before the operator came, a renderer that does not stop. */
const examples: [Event[], number][] = [
  [again(20, 'edit', 'verifierWatch'), 1],
  [again(9, 'round', 'blindRender'), 1],
];

/** Tells stories until one breaks an invariant; returns which one and how, or undefined. */
function tellStories(cast: Cast, options: Pick<fc.Parameters<[Event[], number]>, 'endOnFailure' | 'examples'>): string | undefined {
  const property = fc.property(events, fc.constantFrom(1, 2), (told, replicas) => {
    new Story(cast, replicas).tell(told);
  });
  const details = fc.check(property, { numRuns, ...options });
  return details.failed ? `${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}` : undefined;
}

describe('a rotation', () => {
  test('keeps the invariants through every interleaving of edits, crashes, late reads and stops', () => {
    expect(tellStories(realCast, { examples })).toBeUndefined();
  }, 900_000);

  test.each(Object.entries(variants))('would be caught with %s', (_name, cast) => {
    // Shrinking would only cost time: that there is a counterexample is enough.
    expect(tellStories(cast, { endOnFailure: true })).toBeDefined();
  });
});
