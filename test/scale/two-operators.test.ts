/** Two operators of one release: whatever happens to the one that leads, nothing restarts twice and no step is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Contender } from './harness/contender.ts';
import { difference } from './harness/play.ts';
import { Stage } from './harness/stage.ts';
import { valueOf } from './harness/values.ts';
import { openWorld, type World } from './harness/world.ts';

/** Seconds; the Lease of a leader that is not heard of runs out after them. */
const leaseSeconds = 3;
const settings = { LEASE_SECONDS: String(leaseSeconds) };

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.end());

test('the leader is frozen in the middle, and wakes up when another one has finished', async () => {
  const outcome = await rotate({}, async (stage, rival) => {
    await interruptAfter(stage, 4, () => stage.operator.freeze());
    await stage.until('the rival to lead', () => writes(rival));
    stage.operator.thaw();
  });
  expect(outcome).toEqual(rotatedOnce);
});

test('the leader is frozen and wakes up before the other one has finished', async () => {
  const outcome = await rotate({}, async (stage, rival) => {
    stage.inside.isMute = true;
    await interruptAfter(stage, 4, () => stage.operator.freeze());
    await stage.until('the rival to lead', () => writes(rival));
    stage.operator.thaw();
    await stage.stamped('backend', 'agent', 'scanner');
    stage.inside.isMute = false;
  });
  expect(outcome).toEqual(rotatedOnce);
});

test('the leader is cut off from the API server, and comes back', async () => {
  const outcome = await rotate({}, async (stage, rival) => {
    stage.inside.isMute = true;
    await interruptAfter(stage, 4, () => stage.operator.gate.cutOff());
    await stage.until('the rival to lead', () => writes(rival));
    stage.operator.gate.restore();
    await stage.stamped('backend', 'agent', 'scanner');
    stage.inside.isMute = false;
  });
  expect(outcome).toEqual(rotatedOnce);
});

test('the two take turns: each is cut off as soon as it leads', async () => {
  const outcome = await rotate({}, async (stage, rival) => {
    stage.inside.isMute = true;
    for (const [off, on] of [[stage.operator, rival], [rival, stage.operator], [stage.operator, rival]] as const) {
      off.gate.cutOff();
      await stage.until('the other one to lead', () => writes(on));
      off.gate.restore();
    }
    await stage.stamped('backend', 'agent', 'scanner');
    stage.inside.isMute = false;
  });
  expect(outcome).toEqual(rotatedOnce);
});

test('the clock of the leader is two hours ahead, and the other one, whose clock is right, takes over', async () => {
  const outcome = await rotate({ clock: '+2h', settings: { DEBOUNCE_SECONDS: '2' } }, async (stage, rival) => {
    await interruptAfter(stage, 1, () => stage.operator.gate.cutOff());
    await stage.until('the rival to lead', () => writes(rival));
  });
  expect(outcome).toEqual(rotatedOnce);
});

test.each(['+2h', '-2h'])('the clock of the leader jumps by %s in the middle: nothing is proved by it', async (jump) => {
  const outcome = await rotate({ clock: '+0' }, async (stage) => {
    stage.inside.isMute = true;
    await stage.reached('Proving');
    await stage.operator.moveClock(jump);
    await sleep(leaseSeconds * 1000);
    expect((await stage.release.keyring())?.keys['service-token']?.accepted, 'no pod has used the new value').toHaveLength(2);
    stage.inside.isMute = false;
  });
  expect(outcome).toEqual(rotatedOnce);
});

const rotatedOnce = { restarts: { backend: 1, agent: 1, scanner: 1 }, rotations: 1, refusals: [] };

interface Given {
  /** Of the first operator; without it, the machine's own. */
  readonly clock?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Plays a rotation under two operators, the first of which leads; `happen` is what happens to them after the edit. */
async function rotate({ clock, settings: more = {} }: Given, happen: (stage: Stage, rival: Contender) => Promise<void>) {
  const stage = await Stage.open(world, 'two', { settings: { ...settings, SILENCE_SECONDS: '360', ...more } });
  try {
    if (clock === undefined) stage.operator.start();
    else await stage.operator.startWithClock(clock);
    await stage.settled();
    const rival = await stage.rival();
    rival.start();
    const before = await stage.release.restarts();
    await stage.release.edit({ 'service-token': valueOf('B') });
    await happen(stage, rival);
    await stage.settled();
    const restarts = difference(await stage.release.restarts(), before);
    return { restarts, rotations: (await stage.release.keyring())?.history.length, refusals: stage.inside.refusals };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${stage.said}`, { cause: error });
  } finally {
    await stage.close();
  }
}

/** Lets the operator write so often, and then it happens; resolves when it has. */
async function interruptAfter({ operator }: Stage, count: number, interrupt: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  operator.gate.shutAfter(count, () => {
    interrupt();
    operator.gate.open();
    resolve();
  });
  await promise;
}

/** It writes something else than its Lease, and so it leads. */
async function writes({ gate }: Contender): Promise<true | string> {
  return gate.writes.length > 0 || 'it writes nothing';
}
