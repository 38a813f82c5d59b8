import { describe, expect, it } from 'vitest';
import { workloadOf, type WorkloadObject } from '../../../../operator/observe/workload.ts';
import type { WorkloadKind } from '../../../../operator/model/snapshot.ts';

type Change = { spec?: Partial<WorkloadObject['spec']>; status?: NonNullable<WorkloadObject['status']>; generation?: number };

const rollout = (kind: WorkloadKind, { spec, status, generation = 3 }: Change) =>
  workloadOf(
    kind,
    {
      metadata: { name: 'web', uid: 'u', resourceVersion: '7', generation },
      spec: { template: { spec: {} }, ...spec },
      ...(status && { status }),
    },
    'kure-bootstrap',
  ).rollout;

it.each(['Deployment', 'StatefulSet'] as const)('counts the pods of a %s', (kind) => {
  const status = { observedGeneration: 3, replicas: 5, updatedReplicas: 3, availableReplicas: 2 };
  expect(rollout(kind, { spec: { replicas: 4 }, status })).toEqual({ observed: true, desired: 4, updated: 3, total: 5, available: 2, budget: 1 });
  expect(rollout(kind, {})).toMatchObject({ desired: 1, updated: 0, total: 0, available: 0, observed: false });
});

it('counts the pods of a DaemonSet', () => {
  const status = { observedGeneration: 3, desiredNumberScheduled: 6, updatedNumberScheduled: 4, currentNumberScheduled: 5, numberAvailable: 3 };
  expect(rollout('DaemonSet', { status })).toEqual({ observed: true, desired: 6, updated: 4, total: 5, available: 3, budget: 1 });
});

it('believes a status only of the newest template', () => {
  expect(rollout('Deployment', { status: { observedGeneration: 2 } }).observed).toBe(false);
  expect(rollout('Deployment', { status: { observedGeneration: 4 } }).observed).toBe(true);
});

function budget(kind: WorkloadKind, desired: number, maxUnavailable?: number | string): number {
  const strategy = maxUnavailable === undefined ? {} : { rollingUpdate: { maxUnavailable } };
  const spec = kind === 'Deployment' ? { replicas: desired, strategy } : { replicas: desired, updateStrategy: strategy };
  return rollout(kind, { spec, status: { desiredNumberScheduled: desired } }).budget;
}

describe('the budget', () => {
  it.each<[WorkloadKind, number, number | string | undefined, number]>([
    ['Deployment', 7, undefined, 1],
    ['Deployment', 3, undefined, 0],
    ['Deployment', 10, '29%', 2],
    ['Deployment', 10, 3, 3],
    ['DaemonSet', 7, undefined, 1],
    ['DaemonSet', 10, '21%', 3],
    ['DaemonSet', 10, 0, 0],
    ['StatefulSet', 7, undefined, 1],
    ['StatefulSet', 10, '21%', 3],
  ])('of a %s with %i pods and maxUnavailable %s is %i', (kind, desired, maxUnavailable, expected) => {
    expect(budget(kind, desired, maxUnavailable)).toBe(expected);
  });
});
