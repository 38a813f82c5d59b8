import { expect, it } from 'vitest';
import { Wake } from '../../../../operator/run/wake.ts';
import { systemClock } from '../../../../shared/clock.ts';

const never = new AbortController().signal;
const long = 60_000;

/** What came first: waking, or a short while. */
const outcome = (waiting: Promise<void>) =>
  Promise.race([waiting.then(() => 'woke'), systemClock.sleep(100).then(() => 'slept')]);

it('sleeps until the time is over, without any note', async () => {
  const wake = new Wake(systemClock);
  expect(await outcome(wake.within(1, never))).toBe('woke');
  expect(await outcome(wake.within(long, never))).toBe('slept');
});

it('wakes at a note, and at the next one', async () => {
  const wake = new Wake(systemClock);
  for (let round = 0; round < 3; round += 1) {
    const waiting = wake.within(long, never);
    wake.note();
    expect(await outcome(waiting)).toBe('woke');
  }
});

it('does not lose a note that came while nobody waited', async () => {
  const wake = new Wake(systemClock);
  wake.note();
  expect(await outcome(wake.within(long, never))).toBe('woke');
});

it('takes many notes for one', async () => {
  const wake = new Wake(systemClock);
  wake.note();
  wake.note();
  expect(await outcome(wake.within(long, never))).toBe('woke');
  expect(await outcome(wake.within(long, never))).toBe('slept');
});

it('wakes when it is told to stop, also before it sleeps', async () => {
  const wake = new Wake(systemClock);
  const stopping = new AbortController();
  const waiting = wake.within(long, stopping.signal);
  stopping.abort();
  expect(await outcome(waiting)).toBe('woke');
  expect(await outcome(wake.within(long, stopping.signal))).toBe('woke');
});

it('hears no note before a rest is over, once', async () => {
  const wake = new Wake(systemClock);
  wake.rest(200);
  wake.note();
  const waiting = wake.within(long, never);
  expect(await outcome(waiting)).toBe('slept');
  await waiting;
  wake.note();
  expect(await outcome(wake.within(long, never))).toBe('woke');
});
