import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Attacked } from './program.ts';

/** What a healthy backend keeps at most above what it began with. */
const maxGrowthMiB = 150;

export interface State {
  /** Resident memory. */
  readonly mebibytes: number;
  /** Everything it has written. */
  readonly output: string;
}

export function stateOf(backend: Attacked): State {
  const status = readFileSync(`/proc/${backend.pid}/status`, 'utf8');
  return { mebibytes: Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1_024, output: backend.output() };
}

/** It serves, nothing is kept, and it had nothing to say: no failure, and nothing of what was sent. */
export async function expectUnharmed(backend: Attacked, before: State): Promise<void> {
  expect((await fetch(`${backend.url}/health`)).status).toBe(200);
  expect((await fetch(`${backend.url}/api/auth/me`, { headers: { cookie: backend.cookie } })).status).toBe(200);
  const { mebibytes, output } = stateOf(backend);
  expect(output).toBe(before.output);
  expect(mebibytes - before.mebibytes).toBeLessThan(maxGrowthMiB);
}
