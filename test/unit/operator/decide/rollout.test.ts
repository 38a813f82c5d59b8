import { expect, it } from 'vitest';
import { rolloutGaps } from '../../../../operator/decide/rollout.ts';
import type { Rollout } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

const agent = (change: Partial<Rollout>) => rolloutGaps(given.agent({ rollout: given.rollout(4, { budget: 1, ...change }) })).map(({ what }) => what);
const backend = (change: Partial<Rollout>) => rolloutGaps(given.backend({ rollout: given.rollout(4, { budget: 1, ...change }) })).map(({ what }) => what);

it.each<[string, Partial<Rollout>, string]>([
  ['a template that its controller has not seen', { observed: false }, 'its controller to see the new template'],
  ['pods that are not new', { updated: 3 }, '3 of 4 pods are new'],
  ['old pods that are left', { total: 6 }, '2 of 6 pods are old'],
  ['more unavailable pods than its own strategy allows', { available: 2 }, '2 of 4 pods are available'],
])('waits for %s', (_name, change, sentence) => {
  expect(agent(change)).toEqual([`DaemonSet/agent: ${sentence}`]);
  expect(backend(change)).toEqual([`Deployment/backend: ${sentence}`]);
});

it('tolerates as many unavailable pods of a presenter as its strategy does, and none of a verifier', () => {
  expect(agent({ available: 3 })).toEqual([]);
  expect(backend({ available: 3 })).toEqual(['Deployment/backend: 3 of 4 pods are available']);
});

it('has nothing to wait for when all are new and available, nor when none are wanted', () => {
  expect(backend({})).toEqual([]);
  expect(agent({ desired: 0, updated: 0, total: 0, available: 0 })).toEqual([]);
});
