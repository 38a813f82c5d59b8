import { expect } from 'vitest';
import { tokenA } from '../unit/backend/harness.ts';
import type { Attacked } from './program.ts';

/** What a healthy backend keeps at most above what it began with. */
const maxGrowthMiB = 150;

/** Nothing failed inside, nothing is kept, and nothing of what was sent is in the log. */
export async function expectUnharmed(backend: Attacked, before: number): Promise<void> {
  expect((await fetch(`${backend.url}/health`)).status).toBe(200);
  expect((await fetch(`${backend.url}/api/auth/me`, { headers: { cookie: backend.cookie } })).status).toBe(200);
  expect(backend.output()).not.toContain('request failed');
  for (const secret of [tokenA, backend.cookie, backend.password]) expect(backend.output()).not.toContain(secret);
  expect(backend.memory() - before).toBeLessThan(maxGrowthMiB);
}
