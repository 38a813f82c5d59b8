import { expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../../../shared/clock.ts';
import type { Phase } from '../../../../shared/contract/phases.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';
import { createLogger } from '../../../../shared/log.ts';
import type { Outcome } from '../../../../operator/act/execute.ts';
import type { Plan } from '../../../../operator/model/plan.ts';
import { Reporter } from '../../../../operator/run/reporter.ts';
import * as given from '../../../fixtures/given.ts';
import { soon } from '../../../fixtures/soon.ts';
import { release } from '../given-release.ts';

const plan = (phase: Phase): Plan => ({ actions: [], phase, keys: {}, waitingFor: [], lookAgainMs: 500 });
const retired = (message: string): Outcome => ({
  action: { kind: 'WriteKeyring', resourceVersion: '1', keyring: { keys: {}, history: [] }, notices: [{ type: 'Normal', reason: 'Retired', message }] },
});

/** An API server that takes its time with each write until it is told to go on. */
function reporter() {
  const statuses: string[] = [];
  const events: string[] = [];
  const answers = Promise.withResolvers<void>();
  const patch = vi.fn<KubeClient['patch']>(async (_path, _type, body) => {
    await answers.promise;
    statuses.push((body as { data: { phase: string } }).data.phase);
    return {} as never;
  });
  const create = vi.fn<KubeClient['create']>(async (_path, body) => {
    await answers.promise;
    events.push((body as { message: string }).message);
    return { metadata: { name: 'boot.1' } } as never;
  });
  const client = { patch, create } as unknown as KubeClient;
  const time = { passedMs: 0 };
  const clock: Clock = { now: () => given.now + time.passedMs, sleep: systemClock.sleep.bind(systemClock) };
  const options = { client, release, instance: 'operator-0', clock, log: createLogger('test', 'silent'), count: () => {} };
  return { reporter: new Reporter(options), time, clock, statuses, events, patch, answer: answers.resolve };
}

it('holds nobody back, writes Events in order, and of the status the newest', async () => {
  const { reporter: told, statuses, events, patch, answer } = reporter();
  told.tell(given.snapshot(), plan('Debouncing'), [retired('first')]);
  await vi.waitUntil(() => patch.mock.calls.length === 1, soon);
  for (const phase of ['Verifying', 'Presenting', 'Proving'] as const) told.tell(given.snapshot(), plan(phase), [retired(phase)]);
  answer();
  await told.flush(5_000);
  expect(events).toEqual(['first', 'Verifying', 'Presenting', 'Proving']);
  expect(statuses).toEqual(['Debouncing', 'Proving']);
});

it('does not write a status again in which only the time has changed', async () => {
  const { reporter: told, statuses, answer } = reporter();
  answer();
  for (const phase of ['Stable', 'Stable', 'Proving'] as const) {
    told.tell(given.snapshot(), plan(phase), []);
    await vi.waitUntil(() => statuses.at(-1) === phase, soon);
  }
  expect(statuses).toEqual(['Stable', 'Proving']);
});

it('writes the same status again after ten minutes: somebody may have deleted it', async () => {
  const { reporter: told, time, statuses, answer } = reporter();
  answer();
  told.tell(given.snapshot(), plan('Stable'), []);
  await vi.waitUntil(() => statuses.length === 1, soon);
  time.passedMs = 600_000;
  told.tell(given.snapshot(), plan('Stable'), []);
  await told.flush(5_000);
  expect(statuses).toEqual(['Stable', 'Stable']);
});

it('rests between two writes of the same phase, but not before another phase nor before its last words', async () => {
  const { reporter: told, clock, statuses, patch, answer } = reporter();
  const rests: number[] = [];
  clock.sleep = async (ms, signal) => {
    await systemClock.sleep(ms, signal);
    if (ms === 2_000) rests.push(statuses.length);
  };
  answer();
  const waitingFor = (pods: number): Plan => ({ ...plan('Verifying'), waitingFor: [`${pods} pods`] });
  told.tell(given.snapshot(), waitingFor(2), []);
  await vi.waitUntil(() => statuses.length === 1, soon);
  told.tell(given.snapshot(), waitingFor(1), []);
  await vi.waitUntil(() => statuses.length === 2, soon);
  expect(rests).toEqual([1]);
  told.tell(given.snapshot(), plan('Presenting'), []);
  await vi.waitUntil(() => statuses.length === 3, soon);
  const ofOneKey: Plan['keys'] = { 'service-token': { phase: 'Presenting', waitingFor: [] } };
  told.tell(given.snapshot(), { ...plan('Presenting'), keys: ofOneKey, waitingFor: ['two pods'] }, []);
  await vi.waitUntil(() => statuses.length === 4, soon);
  told.tell(given.snapshot(), { ...plan('Presenting'), keys: ofOneKey, waitingFor: ['a pod'] }, []);
  await told.flush(5_000);
  expect(patch.mock.calls).toHaveLength(5);
  expect(rests).toEqual([1]);
});

it('goes on telling after a write that failed', async () => {
  const { reporter: told, statuses, patch, answer } = reporter();
  answer();
  patch.mockRejectedValueOnce(new Error('away'));
  told.tell(given.snapshot(), plan('Verifying'), []);
  await vi.waitUntil(() => patch.mock.calls.length === 1, soon);
  told.tell(given.snapshot(), plan('Verifying'), []);
  await told.flush(5_000);
  expect(statuses).toEqual(['Verifying']);
});

it('waits for the last words only so long, and drops those that come after', async () => {
  const { reporter: told, events, patch, answer } = reporter();
  told.tell(given.snapshot(), plan('Stable'), [retired('under way'), retired('too late')]);
  await vi.waitUntil(() => patch.mock.calls.length === 1, soon);
  await told.flush(50);
  answer();
  await vi.waitUntil(() => events.length > 0, soon);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(events).toEqual(['under way']);
});
