import { expect, it } from 'vitest';
import { isTerminal, podOf, type PodObject } from '../../../../operator/observe/pod.ts';

type Metadata = Partial<PodObject['metadata']>;
const given = (status: NonNullable<PodObject['status']> = {}, metadata: Metadata = {}): PodObject => ({
  metadata: { name: 'agent-0', uid: 'u1', resourceVersion: '7', ...metadata },
  spec: {},
  status,
});
const seen = (status?: NonNullable<PodObject['status']>, metadata?: Metadata) => podOf(given(status, metadata));
const running = (startedAt: string) => ({ state: { running: { startedAt } } });
const waiting = (reason: string) => ({ state: { waiting: { reason } } });
const controller = { uid: 'u', controller: true };

it.each([
  ['its Deployment, though a ReplicaSet made it', 'Deployment/web-app', { kind: 'ReplicaSet', name: 'web-app-7d4f8' }, '7d4f8'],
  ['a ReplicaSet of its own', 'ReplicaSet/web-app', { kind: 'ReplicaSet', name: 'web-app' }, undefined],
  ['a ReplicaSet whose name does not end in the hash', 'ReplicaSet/web-7d4f8-x', { kind: 'ReplicaSet', name: 'web-7d4f8-x' }, '7d4f8'],
  ['its DaemonSet', 'DaemonSet/agent', { kind: 'DaemonSet', name: 'agent' }, undefined],
  ['its Job', 'Job/report', { kind: 'Job', name: 'report' }, undefined],
])('a pod belongs to %s', (_name, owner, reference, hash) => {
  const labels = hash === undefined ? {} : { 'pod-template-hash': hash };
  expect(seen({}, { labels, ownerReferences: [{ ...reference, ...controller }] }).owner).toBe(owner);
});

it('a pod without a controller belongs to nobody', () => {
  expect(seen().owner).toBeUndefined();
  expect(seen({}, { ownerReferences: [{ kind: 'Node', name: 'node-a', uid: 'u' }] }).owner).toBeUndefined();
});

it('a pod starts when its youngest running container does', () => {
  const containerStatuses = [running('2026-11-23T10:00:00Z'), running('2026-11-23T11:00:00Z'), { state: {} }];
  expect(seen({ containerStatuses }).startedAt).toBe(Date.parse('2026-11-23T11:00:00Z'));
  expect(seen({ containerStatuses: [{ state: {} }] }).startedAt).toBeUndefined();
  expect(seen({}).startedAt).toBeUndefined();
});

it('a sidecar among the init containers counts, too: it reads the Secret like any other container', () => {
  const containerStatuses = [running('2026-11-23T10:00:00Z')];
  const initContainerStatuses = [running('2026-11-23T11:00:00Z'), { state: {} }];
  expect(seen({ containerStatuses, initContainerStatuses }).startedAt).toBe(Date.parse('2026-11-23T11:00:00Z'));
  expect(seen({ initContainerStatuses }).startedAt).toBe(Date.parse('2026-11-23T11:00:00Z'));
});

it('an ephemeral container counts, too', () => {
  expect(seen({ ephemeralContainerStatuses: [running('2026-11-23T12:00:00Z')] }).startedAt).toBe(Date.parse('2026-11-23T12:00:00Z'));
});

it('a pod tells when it was made, and when its deletion should have been over', () => {
  const times = { creationTimestamp: '2026-11-23T10:00:00Z', deletionTimestamp: '2026-11-23T11:00:30Z', deletionGracePeriodSeconds: 30 };
  expect(seen({}, times)).toMatchObject({
    createdAt: Date.parse('2026-11-23T10:00:00Z'),
    graceEndsAt: Date.parse('2026-11-23T11:00:30Z'),
  });
  expect(seen().graceEndsAt).toBeUndefined();
});

it.each<[string, NonNullable<PodObject['status']>, string | undefined]>([
  ['nothing, while all goes well', { containerStatuses: [running('2026-11-23T10:00:00Z'), waiting('ContainerCreating')] }, undefined],
  ['nothing, while it is being initialised', { containerStatuses: [waiting('PodInitializing')] }, undefined],
  ['a crash loop', { containerStatuses: [{ state: {} }, waiting('CrashLoopBackOff')] }, 'CrashLoopBackOff'],
  ['an image that cannot be pulled', { containerStatuses: [waiting('ImagePullBackOff')] }, 'ImagePullBackOff'],
  ['a Secret that lacks a key', { containerStatuses: [waiting('CreateContainerConfigError')] }, 'CreateContainerConfigError'],
  [
    'its init container first',
    { containerStatuses: [waiting('ErrImagePull')], initContainerStatuses: [waiting('CreateContainerError')] },
    'CreateContainerError',
  ],
  [
    'a node that is not found',
    { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' }] },
    'Unschedulable: 0/1 nodes are available',
  ],
  ['nothing, while its containers are not ready', { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: '[agent]' }] }, undefined],
  [
    'a readiness gate that somebody else has to open',
    { conditions: [{ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: 'the status of pod readiness gate "lb" is not "True", but False' }] },
    'ReadinessGatesNotReady: the status of pod readiness gate "lb" is not "True", but False',
  ],
  ['nothing, once it is on a node', { conditions: [{ type: 'PodScheduled', status: 'True' }] }, undefined],
])('what keeps a pod from running is %s', (_name, status, trouble) => {
  expect(seen(status).trouble).toBe(trouble);
});

it('a pod has all its addresses: of a dual stack its requests may come from either', () => {
  expect(seen({ podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }] }).addresses).toEqual(['10.0.0.7', 'fd00::7']);
  expect(seen().addresses).toEqual([]);
});

it('a pod is ready by its condition, and terminating by its deletion timestamp', () => {
  expect(seen({ conditions: [{ type: 'Ready', status: 'True' }] })).toMatchObject({ ready: true, terminating: false });
  expect(seen({ conditions: [{ type: 'Ready', status: 'False' }] }).ready).toBe(false);
  expect(seen({}, { deletionTimestamp: '2026-11-23T10:00:00Z' })).toMatchObject({ ready: false, terminating: true });
});

it.each([['Succeeded', true], ['Failed', true], ['Running', false], ['Pending', false], ['Unknown', false]])(
  'a pod that is %s is terminal: %s',
  (phase, terminal) => {
    expect(isTerminal(given({ phase }))).toBe(terminal);
  },
);
