import { afterEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../../shared/clock.ts';
import { Refresher } from '../../../shared/delivery/refresher.ts';
import { soon } from '../../fixtures/soon.ts';
import { collectLog } from './collected-log.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function refresher(task: () => Promise<void>, everyMs: number, clock = systemClock) {
  const collected = collectLog();
  const subject = new Refresher({
    what: 'a list',
    task,
    everyMs,
    clock,
    log: collected.log,
    pauses: { minMs: 5, maxMs: 20 },
  });
  stops.push(() => subject.stop());
  subject.start();
  return { subject, collected };
}

test('runs at once, then at least as often as promised', async () => {
  const happened: ('run' | number)[] = [];
  const sleep: Clock['sleep'] = (ms, signal) => {
    happened.push(ms);
    return systemClock.sleep(1, signal);
  };
  refresher(async () => void happened.push('run'), 50, { ...systemClock, sleep });
  await expect.poll(() => happened.length, { ...soon, interval: 5 }).toBeGreaterThan(9);
  const turns = happened.slice(0, 10);
  expect(turns.map((it) => (it === 'run' ? it : 'pause'))).toEqual(Array.from({ length: 5 }, () => ['run', 'pause']).flat());
  const pauses = turns.filter((it) => it !== 'run');
  expect(Math.max(...pauses)).toBeLessThanOrEqual(50);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(40);
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
