import { describe, expect, it } from 'vitest';
import { workloadOf, type WorkloadObject } from '../../../../operator/observe/workload.ts';
import type { WorkloadKind } from '../../../../operator/model/snapshot.ts';

type Change = { spec?: Partial<WorkloadObject['spec']>; status?: NonNullable<WorkloadObject['status']>; generation?: number };
type Strategy = NonNullable<WorkloadObject['spec']['strategy']>;

const seen = (kind: WorkloadKind, { spec, status, generation = 3 }: Change) =>
  workloadOf(kind, {
    metadata: { name: 'web', uid: 'u', resourceVersion: '7', generation },
    spec: { template: { spec: {} }, ...spec },
    ...(status && { status }),
  });
const rollout = (kind: WorkloadKind, change: Change) => seen(kind, change).rollout;

it.each(['Deployment', 'StatefulSet'] as const)('counts the pods of a %s', (kind) => {
  const status = { observedGeneration: 3, replicas: 5, updatedReplicas: 3, availableReplicas: 2 };
  expect(rollout(kind, { spec: { replicas: 4 }, status })).toEqual({ observed: true, desired: 4, updated: 3, total: 5, available: 2, budget: 1 });
  expect(rollout(kind, {})).toMatchObject({ desired: 1, updated: 0, total: 0, available: 0, observed: false });
});

it('counts the pods of a DaemonSet', () => {
  const status = { observedGeneration: 3, desiredNumberScheduled: 6, updatedNumberScheduled: 4, currentNumberScheduled: 5, numberAvailable: 3 };
  expect(rollout('DaemonSet', { status })).toEqual({ observed: true, desired: 6, updated: 4, total: 5, available: 3, budget: 1 });
});

it('knows why a Deployment could make no pods, as where a quota or an admission webhook forbids them', () => {
  const message = 'pods "web-7d4f8-x" is forbidden: exceeded quota: small';
  const [failing, healed] = ['True', 'False'].map((status) => seen('Deployment', { status: { conditions: [{ type: 'ReplicaFailure', status, message }] } }));
  expect(failing?.trouble).toBe(message);
  expect(healed?.trouble).toBeUndefined();
  expect(seen('Deployment', {}).trouble).toBeUndefined();
});

it('believes a status only of the newest template', () => {
  expect(rollout('Deployment', { status: { observedGeneration: 2 } }).observed).toBe(false);
  expect(rollout('Deployment', { status: { observedGeneration: 4 } }).observed).toBe(true);
});

it('is restarted unless its owner has opted out', () => {
  const restart = (value: string) => seen('Deployment', { spec: { template: { metadata: { annotations: { 'bootstrap.kure.io/restart': value } }, spec: {} } } });
  expect(seen('Deployment', {}).restartable).toBe(true);
  expect(restart('true').restartable).toBe(true);
  expect(restart('false').restartable).toBe(false);
});

it.each<[string, WorkloadKind, Partial<WorkloadObject['spec']>, string | undefined]>([
  ['not halted', 'Deployment', { paused: false, strategy: { type: 'Recreate' } }, undefined],
  ['paused', 'Deployment', { paused: true }, 'paused'],
  ['moved by deletion only', 'DaemonSet', { updateStrategy: { type: 'OnDelete' } }, 'onDelete'],
  ['moved by deletion only', 'StatefulSet', { updateStrategy: { type: 'OnDelete' } }, 'onDelete'],
  ['held back in part', 'StatefulSet', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, 'partition'],
  ['not held back', 'StatefulSet', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } }, undefined],
])('knows one that is %s: a %s', (_name, kind, spec, halted) => {
  expect(seen(kind, { spec }).halted).toBe(halted);
});

it('knows when anybody restarted it last', () => {
  const restarted = (at: string) =>
    seen('Deployment', { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } }, spec: {} } } }).restartedAt;
  expect(restarted('2026-11-23T10:00:00+01:00')).toBe(Date.parse('2026-11-23T09:00:00Z'));
  expect(restarted('yesterday')).toBeUndefined();
  expect(seen('Deployment', {}).restartedAt).toBeUndefined();
});

function budget(kind: WorkloadKind, desired: number, strategy: Strategy): number {
  const spec = kind === 'Deployment' ? { replicas: desired, strategy } : { replicas: desired, updateStrategy: strategy };
  return rollout(kind, { spec, status: { desiredNumberScheduled: desired } }).budget;
}

describe('the budget', () => {
  it.each<[WorkloadKind, number, number | string | undefined, number]>([
    ['Deployment', 7, undefined, 1],
    ['Deployment', 3, undefined, 0],
    ['Deployment', 10, '29%', 2],
    ['Deployment', 10, 3, 3],
    ['Deployment', 2, 5, 2],
    ['Deployment', 0, 5, 0],
    ['DaemonSet', 7, undefined, 1],
    ['DaemonSet', 10, '21%', 3],
    ['DaemonSet', 10, 0, 0],
    ['StatefulSet', 7, undefined, 1],
    ['StatefulSet', 10, '21%', 3],
  ])('of a %s with %i pods and maxUnavailable %s is %i', (kind, desired, maxUnavailable, expected) => {
    expect(budget(kind, desired, maxUnavailable === undefined ? {} : { rollingUpdate: { maxUnavailable } })).toBe(expected);
  });

  it.each<[number | string, number | string, number, number]>([
    [0, 0, 3, 1],
    ['25%', 0, 3, 1],
    ['25%', '0%', 4, 1],
    ['25%', '1%', 3, 0],
    [0, 1, 3, 0],
  ])('of a Deployment with maxUnavailable %s and maxSurge %s of %i pods is %i', (maxUnavailable, maxSurge, desired, expected) => {
    expect(budget('Deployment', desired, { rollingUpdate: { maxUnavailable, maxSurge } })).toBe(expected);
  });

  it.each<[number | string, number | string, number]>([
    [0, '10%', 1],
    ['30%', 1, 3],
  ])('of a DaemonSet of 10 pods with maxUnavailable %s and maxSurge %s is the greater one: %i', (maxUnavailable, maxSurge, expected) => {
    expect(budget('DaemonSet', 10, { rollingUpdate: { maxUnavailable, maxSurge } })).toBe(expected);
  });

  it('of a Deployment that is recreated is nothing: it is rolled out when all its pods are there', () => {
    expect(budget('Deployment', 10, { type: 'Recreate' })).toBe(0);
  });
});
