import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../shared/clock.ts';
import { Refresher } from '../../../shared/delivery/refresher.ts';
import { soon } from '../../fixtures/soon.ts';
import { collectLog } from './collected-log.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function refresher(task: () => Promise<void>, everyMs: number) {
  const collected = collectLog();
  const subject = new Refresher({
    what: 'a list',
    task,
    everyMs,
    clock: systemClock,
    log: collected.log,
    pauses: { minMs: 5, maxMs: 20 },
  });
  stops.push(() => subject.stop());
  subject.start();
  return { subject, collected };
}

test('runs at once, then at least as often as promised', async () => {
  const times: number[] = [];
  refresher(async () => void times.push(performance.now()), 50);
  const begin = performance.now();
  await expect.poll(() => times.length, { ...soon, interval: 5 }).toBeGreaterThan(4);
  expect(times[0]! - begin).toBeLessThan(20);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  expect(Math.max(...gaps)).toBeLessThan(75);
  expect(Math.min(...gaps)).toBeGreaterThan(35);
});

test('tries again soon after a failure, tells it once, and tells when it is over', async () => {
  let runs = 0;
  const { subject, collected } = refresher(async () => {
    runs += 1;
    if (runs < 4) throw new Error('away');
  }, 60_000);
  await subject.done();
  expect(runs).toBe(4);
  expect(collected.messages()).toEqual(['refresh failed, keeping what is known', 'refreshed again']);
});

test('runs again when it is asked to, also while a run is under way', async () => {
  let runs = 0;
  const { subject } = refresher(async () => {
    runs += 1;
    await systemClock.sleep(10);
  }, 60_000);
  await expect.poll(() => runs, { ...soon, interval: 1 }).toBe(1);
  subject.now();
  subject.now();
  await expect.poll(() => runs, { ...soon, interval: 1 }).toBe(2);
  await systemClock.sleep(30);
  expect(runs).toBe(2);
  subject.now();
  await expect.poll(() => runs, { ...soon, interval: 1 }).toBe(3);
});
