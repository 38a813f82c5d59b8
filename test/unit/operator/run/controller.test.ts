import { expect, it, vi } from 'vitest';
import type { Action } from '../../../../operator/model/action.ts';
import type { Plan } from '../../../../operator/model/plan.ts';
import { Unasked, type Snapshot } from '../../../../operator/model/snapshot.ts';
import { run, type Steps } from '../../../../operator/run/controller.ts';
import type { Look } from '../../../../operator/run/observer.ts';
import { Wake } from '../../../../operator/run/wake.ts';
import type { Clock } from '../../../../shared/clock.ts';
import { KubeError } from '../../../../shared/kube/kube-error.ts';
import type { Phase } from '../../../../shared/contract/phases.ts';
import { createLogger } from '../../../../shared/log.ts';
import * as given from '../../../fixtures/given.ts';

const breathMs = 20;
const write: Action = { kind: 'WriteKeyring', resourceVersion: '20', keyring: { keys: {}, history: [] }, notices: [] };
const stamp: Action = { kind: 'Stamp', workload: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent', resourceVersion: '1' }, stamps: {}, notices: [] };
const reread: Action = { kind: 'Reread' };
const planned = (actions: readonly Action[] = []): Plan => ({ actions, phase: 'Stable', keys: {}, waitingFor: [], lookAgainMs: 60_000 });

/** A loop whose pauses take no time and are written down; it stops after `passes` of them. */
async function looping(change: Partial<Steps>, passes = 1, onPause: (wake: Wake) => void = () => {}) {
  const stopping = new AbortController();
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => given.now,
    // eslint-disable-next-line typescript/require-await
    sleep: async (ms) => {
      if (ms === breathMs) return onPause(wake);
      pauses.push(ms);
      if (pauses.length >= passes) stopping.abort();
    },
  };
  const wake = new Wake(clock);
  const steps = {
    observe: vi.fn<Steps['observe']>((look) => Promise.resolve(given.snapshot({ fresh: look === 'fresh' }))),
    decide: vi.fn<Steps['decide']>(() => planned()),
    act: vi.fn<Steps['act']>((actions) => Promise.resolve(actions.map((action) => ({ action })))),
    tell: vi.fn<Steps['tell']>(),
    ...change,
  };
  await run(steps, wake, clock, createLogger('test', 'silent'), stopping.signal);
  return { steps, pauses };
}

it('observes, decides, acts, tells, and looks again when the plan says so', async () => {
  const decide = vi.fn<Steps['decide']>(() => planned([stamp]));
  const { steps, pauses } = await looping({ decide });
  expect(steps.act).toHaveBeenCalledWith([stamp]);
  expect(steps.tell).toHaveBeenCalledWith(given.snapshot(), planned([stamp]), [{ action: stamp }]);
  expect(pauses).toEqual([60_000]);
});

const failingWith =
  (error: unknown): Steps['act'] =>
  // eslint-disable-next-line typescript/require-await
  async (actions) =>
    actions.map((action) => ({ action, error }));

const looks = (observe: Steps['observe']): Look[] => vi.mocked(observe).mock.calls.map(([look]) => look);

const observingUnasked: Steps['observe'] = (look) => Promise.resolve(given.snapshot(look === 'known' ? { answers: new Unasked() } : {}));
const wantingAnswers =
  (actions: readonly Action[], phase: Phase = 'Verifying'): Steps['decide'] =>
  ({ answers }) => {
    answers.get('uid-backend-0');
    return { ...planned(actions), phase };
  };

it.each<[string, Steps['decide'], Look[]]>([
  ['not where there is something to do without their answers', wantingAnswers([stamp]), ['known']],
  ['not where nothing depends on their answers', () => planned(), ['known']],
  ['where there is nothing to do and their answers matter', wantingAnswers([]), ['known', 'asked']],
  ['before it says that nothing moves', wantingAnswers([stamp], 'Stuck'), ['known', 'asked']],
])('asks the verifiers %s', async (_name, decide, expected) => {
  const observe = vi.fn<Steps['observe']>(observingUnasked);
  await looping({ observe, decide });
  expect(looks(observe)).toEqual(expected);
});

it('asks them after a failure, so that one action that always fails keeps no other from being found', async () => {
  const decide = vi.fn<Steps['decide']>(() => planned([stamp]));
  const act = failingWith(new Error('refused'));
  expect(looks((await looping({ act, decide }, 2)).steps.observe)).toEqual(['known', 'asked']);
});

it('goes on at once after it has recorded something: its own record is known', async () => {
  const plans = [planned([write]), planned([stamp])];
  const order: string[] = [];
  const { pauses } = await looping({
    decide: () => plans.shift() ?? planned(),
    act: (actions) => {
      order.push(...actions.map(({ kind }) => kind));
      return Promise.resolve(actions.map((action) => ({ action })));
    },
  });
  expect([order, pauses]).toEqual([['WriteKeyring', 'Stamp'], [60_000]]);
});

it('takes a breath now and then when recording does not end', async () => {
  const { steps, pauses } = await looping({ decide: () => planned([write]) }, 2);
  expect([vi.mocked(steps.act).mock.calls.length, pauses]).toEqual([10, [0, 0]]);
});

it('waits for what it has done to workloads to be seen', async () => {
  expect((await looping({ decide: () => planned([write, stamp]) })).pauses).toEqual([60_000]);
});

it.each([new Error('away'), new KubeError('conflict', 409, 'Conflict')])('looks again soon after %s', async (error) => {
  expect((await looping({ act: failingWith(error), decide: () => planned([write]) })).pauses).toEqual([500]);
});

it('looks again soon after what it wanted to restart was deleted', async () => {
  const act = failingWith(new KubeError('gone', 404, 'NotFound'));
  expect((await looping({ act, decide: () => planned([stamp]) }, 3)).pauses).toEqual([500, 500, 500]);
});

const readingAnew: Steps['decide'] = ({ fresh }) => planned(fresh ? [stamp] : [reread]);

it('decides what cannot be undone on a fresh read, and carries only that out', async () => {
  const { steps } = await looping({ decide: readingAnew });
  expect(looks(steps.observe)).toEqual(['known', 'fresh']);
  expect(vi.mocked(steps.act).mock.calls).toEqual([[[stamp]]]);
  expect(vi.mocked(steps.tell).mock.lastCall?.[0].fresh).toBe(true);
});

it.each<[string, Partial<Snapshot>]>([
  ['bootstrap Secret', { sources: given.only({}, { resourceVersion: '11' }) }],
  ['keyring', { keyring: { ...given.keyring({}), resourceVersion: '21' } }],
  ['keyring gone', { keyring: undefined }],
])('does nothing when the fresh read shows another %s than the watches', async (_name, change) => {
  const observe: Steps['observe'] = (look) => Promise.resolve(given.snapshot(look === 'fresh' ? { ...change, fresh: true } : {}));
  const { steps, pauses } = await looping({ observe, decide: readingAnew });
  expect(steps.act).not.toHaveBeenCalled();
  expect(pauses).toEqual([500]);
});

it('backs off while passes fail, to half a minute, and begins anew after a good one', async () => {
  let passes = 0;
  const observe: Steps['observe'] = () => {
    passes += 1;
    return passes === 9 ? Promise.resolve(given.snapshot()) : Promise.reject(new Error('no API server'));
  };
  const { pauses } = await looping({ observe }, 10);
  expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 60_000, 500]);
});

const fails = () => {
  throw new Error('broken');
};

it('survives every step that fails', async () => {
  for (const change of [{ decide: fails }, { act: fails }, { tell: fails }]) {
    expect((await looping(change, 2)).pauses).toEqual([500, 1_000]);
  }
});

it('does not lose a note that comes during a pass: the next one begins at once', async () => {
  let breaths = 0;
  const { steps } = await looping({}, 2, (wake) => {
    breaths += 1;
    if (breaths === 1) wake.note();
  });
  expect(vi.mocked(steps.observe).mock.calls.length).toBeGreaterThanOrEqual(2);
});

it.each(['observe', 'decide'] as const)('writes nothing when it is told to stop in %s', async (step) => {
  const stopping = new AbortController();
  const act = vi.fn<Steps['act']>(() => Promise.resolve([]));
  const steps: Steps = {
    observe: () => {
      if (step === 'observe') stopping.abort();
      return Promise.resolve(given.snapshot());
    },
    decide: () => {
      if (step === 'decide') stopping.abort();
      return planned([write]);
    },
    act,
    tell: () => {},
  };
  const clock: Clock = { now: () => given.now, sleep: () => Promise.resolve() };
  await run(steps, new Wake(clock), clock, createLogger('test', 'silent'), stopping.signal);
  expect(act).not.toHaveBeenCalled();
});
