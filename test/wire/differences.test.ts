import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differences } from './differences.ts';

it('has a row in docs/compatibility.md for each difference, and a difference for each row', () => {
  const files = globSync('*.test.ts', { cwd: import.meta.dirname });
  const sources = files.map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).join('');
  const shown = new Set([...sources.matchAll(/\bours\('([^']+)'/g)].map(([, id]) => id!));
  expect(shown.size).toBeGreaterThan(10);
  expect([...shown].toSorted()).toEqual([...differences].toSorted());
});
