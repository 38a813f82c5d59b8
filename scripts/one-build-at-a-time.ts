import { mkdirSync } from 'node:fs';
import { withLock } from '../testbed/lock.ts';

/** Tests and benchmarks build before they start: two that start together would replace each other's folders under `dist/`. */
export function oneBuildAtATime(build: () => Promise<void>): Promise<void> {
  mkdirSync('dist', { recursive: true });
  return withLock('dist/.building', build);
}
