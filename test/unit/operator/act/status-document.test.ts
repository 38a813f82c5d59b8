import { expect, it } from 'vitest';
import { statusDocument } from '../../../../operator/act/status-document.ts';
import type { Plan } from '../../../../operator/model/plan.ts';
import * as given from '../../../fixtures/given.ts';

const plan: Plan = {
  actions: [],
  phase: 'Presenting',
  keys: { 'service-token': { phase: 'Presenting', waitingFor: ['pod agent-0'] } },
  waitingFor: [],
  lookAgainMs: 500,
};
const documentOf = (snapshot = given.snapshot({ keys: { 'service-token': given.rotating } })) =>
  statusDocument(snapshot, plan, { phase: 'Stuck', failures: ['a rule is missing'] }, { 'service-token': given.at(-5_000) });

it('says where each key stands, since when, and which generations there are', () => {
  const { phase, failures, keys } = documentOf();
  expect([phase, failures]).toEqual(['Stuck', ['a rule is missing']]);
  expect(keys['service-token']).toMatchObject({
    phase: 'Presenting',
    waitingFor: ['pod agent-0'],
    since: given.at(-5_000),
    target: 'new',
    committed: 'old',
    accepted: [{ name: 'old' }, { name: 'new' }],
  });
});

it('never holds a value, accepted or retired', () => {
  const keys = { 'service-token': { ...given.rotating, retired: [given.retired('gone')] } };
  const text = JSON.stringify(documentOf(given.snapshot({ keys })));
  expect(text).toContain('gone');
  for (const name of ['old', 'new', 'gone']) expect(text).not.toContain(given.value(name));
});

it('counts the pods of each workload and names those that hold an older value', () => {
  const agent = given.agent({ rollout: given.rollout(3) });
  const stamps = { 'service-token': 'new' };
  const owner = 'DaemonSet/agent';
  const pods = [
    given.pod('agent-0', { owner, stamps }),
    given.pod('agent-1', { owner, stamps, ready: false }),
    given.pod('agent-2', { owner, terminating: true }),
    given.pod('other-0'),
    given.pod('other-1', { stamps }),
  ];
  const { workloads, otherHolders } = documentOf(given.snapshot({ keys: { 'service-token': given.rotating }, workloads: [agent], pods }));
  expect(workloads).toMatchObject([{ workload: owner, role: 'presenter', old: 1, new: 2, ready: 1, desired: 3, holders: ['agent-2'] }]);
  expect(otherHolders.map(({ pod }) => pod)).toEqual(['other-0']);
});

it('counts every pod as new once nothing rotates: stamps of the past say nothing', () => {
  const { workloads } = documentOf(given.snapshot());
  expect(workloads.map(({ old }) => old)).toEqual([0, 0, 0]);
});

it('counts every pod as new in a contest: nobody is restarted for it', () => {
  const accepted = [given.generation('token'), given.generation('made', { origin: 'rendered' })];
  const { workloads } = documentOf(given.snapshot({ keys: { 'service-token': given.record([], { accepted, target: 'token' }) } }));
  expect(workloads.map(({ old }) => old)).toEqual([0, 0, 0]);
});

it('says what is waited for before anything was ever recorded', () => {
  const held = { ...plan, keys: { 'service-token': { phase: 'Rejected', waitingFor: ['the Secret'] } } } as const;
  const { waitingFor } = statusDocument(given.snapshot({ keys: {} }), held, { phase: 'Rejected', failures: [] }, {});
  expect(waitingFor).toEqual(['the Secret']);
});

it('shows what people have asked for', () => {
  const sources = given.only({}, { requests: { pause: true, abort: 'new' } });
  expect(documentOf(given.snapshot({ sources })).requests).toEqual({ pause: true, abort: 'new' });
});

it('names the first of many pods and counts the rest: a ConfigMap holds 1 MiB', () => {
  const many = 5_000;
  const agent = given.agent({ rollout: given.rollout(many) });
  const of = (workload: string) => Array.from({ length: many }, (_, index) => given.pod(`${workload}-${index}`));
  const waitingFor = Array.from({ length: many }, (_, index) => `pod agent-${index} (DaemonSet/agent), which holds an older value`);
  const found = statusDocument(
    given.snapshot({ keys: { 'service-token': given.rotating }, workloads: [agent], pods: [...of('agent').map((it) => ({ ...it, owner: 'DaemonSet/agent' })), ...of('job')] }),
    { ...plan, keys: { 'service-token': { phase: 'Presenting', waitingFor } } },
    { phase: 'Presenting', failures: [] },
    {},
  );
  expect(found.workloads[0]).toMatchObject({ old: many });
  expect(found.workloads[0]!.holders.length).toBe(100);
  expect([found.otherHolders.length, found.moreHolders]).toEqual([100, 4_900]);
  expect(found.keys['service-token']!.waitingFor!.slice(-2)).toEqual([waitingFor[99], '4900 more']);
  expect(JSON.stringify(found, undefined, 2).length).toBeLessThan(100_000);
});
