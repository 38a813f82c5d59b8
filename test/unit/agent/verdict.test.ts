import { describe, expect, test } from 'vitest';
import { judge } from '../../../agent/verdict.ts';
import { container, createdAt, givenPod, muchLater, waitingFor, withMetadata, withSpec, withStatus } from './given-pod.ts';

const at = (seconds: number) => ({ now: Date.parse(createdAt) + seconds * 1000, pendingGraceMs: 120_000 });
const later = { now: muchLater, pendingGraceMs: 120_000 };
const pending = withStatus({ phase: 'Pending', containerStatuses: [] });

describe('a pod is failing', () => {
  test.each([
    'CrashLoopBackOff',
    'ImagePullBackOff',
    'ErrImagePull',
    'InvalidImageName',
    'ErrImageNeverPull',
    'CreateContainerError',
    'CreateContainerConfigError',
    'RunContainerError',
  ])('when a container waits with %s, however young the pod is', (reason) => {
    expect(judge(givenPod(waitingFor(reason, 'because')), at(0))).toEqual({
      kind: 'failing',
      reason,
      message: 'because',
      container: 'app',
    });
  });

  test('when an init container cannot start', () => {
    const pod = givenPod(
      pending,
      withStatus({ initContainerStatuses: [container('prepare', { waiting: { reason: 'CrashLoopBackOff' } })] }),
    );
    expect(judge(pod, at(1))).toMatchObject({ kind: 'failing', reason: 'CrashLoopBackOff', container: 'prepare' });
  });

  test('when a container ended with another code than 0', () => {
    const pod = givenPod(
      withStatus({ containerStatuses: [container('app', { terminated: { exitCode: 137, reason: 'OOMKilled' } })] }),
    );
    expect(judge(pod, later)).toMatchObject({ kind: 'failing', reason: 'OOMKilled', container: 'app' });
  });

  test('when its phase is Failed, with the reason of the pod before that of a container', () => {
    const failed = givenPod(
      withStatus({
        phase: 'Failed',
        containerStatuses: [container('app', { terminated: { exitCode: 3, reason: 'Error' } })],
      }),
    );
    expect(judge(failed, later)).toEqual({
      kind: 'failing',
      reason: 'Error',
      message: 'container app ended with exit code 3',
      container: 'app',
    });
    const evicted = givenPod(withStatus({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory' }));
    expect(judge(evicted, later)).toEqual({ kind: 'failing', reason: 'Evicted', message: 'The node was low on memory' });
  });

  test('when its phase is Failed for a reason of its own, with the container that ended with another code than 0', () => {
    const containerStatuses = [
      container('side', { terminated: { exitCode: 0 } }),
      container('app', { terminated: { exitCode: 143, reason: 'Error' } }),
    ];
    const late = givenPod(withStatus({ phase: 'Failed', reason: 'DeadlineExceeded', message: 'too long', containerStatuses }));
    expect(judge(late, later)).toEqual({ kind: 'failing', reason: 'DeadlineExceeded', message: 'too long', container: 'app' });
  });

  test('when it is Pending for longer than the grace', () => {
    expect(judge(givenPod(pending), at(121))).toMatchObject({ kind: 'failing', reason: 'Pending' });
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }];
    expect(judge(givenPod(pending, withStatus({ conditions })), at(121))).toMatchObject({
      kind: 'failing',
      reason: 'FailedScheduling',
      message: '0/1 nodes',
    });
  });
});

describe('a pod is well', () => {
  test('when it runs', () => {
    expect(judge(givenPod(), later)).toEqual({ kind: 'well' });
  });

  test('when it has succeeded', () => {
    expect(judge(givenPod(withStatus({ phase: 'Succeeded' })), later)).toEqual({ kind: 'well' });
  });

  test('when an init container has ended with 0', () => {
    const done = container('prepare', { terminated: { exitCode: 0, reason: 'Completed' } }, { lastState: { terminated: { exitCode: 1 } } });
    const pod = givenPod(withStatus({ initContainerStatuses: [done] }), withSpec({ restartPolicy: 'Always', initContainers: [{ name: 'prepare' }] }));
    expect(judge(pod, later)).toEqual({ kind: 'well' });
  });
});

describe('it is too early to tell', () => {
  test('when a pod is Pending within the grace', () => {
    expect(judge(givenPod(pending), at(119))).toEqual({ kind: 'undecided' });
    expect(judge(givenPod(withStatus({ containerStatuses: [container('app', { waiting: { reason: 'ContainerCreating' } })], phase: 'Pending' })), at(5))).toEqual({ kind: 'undecided' });
  });

  test('when a pod is being deleted, though its containers end with 143', () => {
    const leaving = givenPod(
      withMetadata({ deletionTimestamp: createdAt }),
      withStatus({ containerStatuses: [container('app', { terminated: { exitCode: 143 } })] }),
    );
    expect(judge(leaving, later)).toEqual({ kind: 'undecided' });
  });

  test.each([0, 1])('for a minute after a container that ended with %d came back, so that a crash loop is no series of recoveries', (exitCode) => {
    const backAgain = givenPod(
      withStatus({
        containerStatuses: [
          container('app', { running: { startedAt: createdAt } }, { restartCount: 4, lastState: { terminated: { exitCode } } }),
        ],
      }),
    );
    expect(judge(backAgain, at(59))).toEqual({ kind: 'undecided' });
    expect(judge(backAgain, at(61))).toEqual({ kind: 'well' });
  });

  test('when a container has ended with 0 and is to be started again', () => {
    const ended = container('app', { terminated: { exitCode: 0, reason: 'Completed' } });
    const side = container('side', { running: { startedAt: createdAt } });
    const beside = withStatus({ containerStatuses: [ended, side] });
    expect(judge(givenPod(beside, withSpec({ restartPolicy: 'Always' })), later)).toEqual({ kind: 'undecided' });
    expect(judge(givenPod(beside, withSpec({ restartPolicy: 'OnFailure' })), later)).toEqual({ kind: 'well' });
    const sidecar = withSpec({ restartPolicy: 'Never', initContainers: [{ name: 'prepare', restartPolicy: 'Always' }] });
    const done = container('prepare', { terminated: { exitCode: 0 } });
    expect(judge(givenPod(withStatus({ initContainerStatuses: [done] }), sidecar), later)).toEqual({ kind: 'undecided' });
  });

  test('when an init container has just come back from a crash, however long the pod has been Pending', () => {
    const startedAt = new Date(at(600).now).toISOString();
    const backAgain = container('prepare', { running: { startedAt } }, { restartCount: 4, lastState: { terminated: { exitCode: 1 } } });
    const pod = givenPod(pending, withStatus({ initContainerStatuses: [backAgain] }));
    expect(judge(pod, at(610))).toEqual({ kind: 'undecided' });
    expect(judge(pod, at(661))).toMatchObject({ kind: 'failing', reason: 'Pending' });
  });
});
