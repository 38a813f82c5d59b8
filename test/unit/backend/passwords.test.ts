import { expect, it } from 'vitest';
import { Passwords } from '../../../backend/domain/passwords.ts';

it('rests after a hash, the longer the more else there was to do', async () => {
  const passwords = new Passwords();
  const load = new AbortController();
  const work = (): void => void (load.signal.aborted || setImmediate(work));
  work();
  const before = performance.eventLoopUtilization();
  const [first, second] = [passwords.hash('one'), passwords.hash('another')];
  await first;
  const { active } = performance.eventLoopUtilization(before);
  const end = performance.now();
  load.abort();
  await second;
  expect(performance.now() - end).toBeGreaterThan(2.5 * active);
});
