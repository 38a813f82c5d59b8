/** Pods as the API server shows them, in the states that the agent has to tell apart. */
import type { ContainerState, ContainerStatus, Pod, PodSpec, PodStatus } from '../../../agent/pod.ts';

export const createdAt = '2026-11-23T10:00:00Z';
/** Long after every grace. */
export const muchLater = Date.parse('2026-11-23T12:00:00Z');

type With = (pod: Pod) => Pod;

export function givenPod(...changes: readonly With[]): Pod {
  const pod: Pod = {
    metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', resourceVersion: '7', creationTimestamp: createdAt },
    spec: { nodeName: 'node-a', containers: [{ name: 'app', image: 'shop/web:1' }] },
    status: { phase: 'Running', containerStatuses: [container('app', { running: { startedAt: createdAt } })] },
  };
  return changes.reduce((changed, change) => change(changed), pod);
}

export function container(name: string, state: ContainerState, more: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name, ready: state.running !== undefined, restartCount: 0, image: `shop/${name}:1`, state, ...more };
}

export const withMetadata =
  (metadata: Partial<Pod['metadata']>): With =>
  (pod) => ({ ...pod, metadata: { ...pod.metadata, ...metadata } });

export const withSpec =
  (spec: PodSpec): With =>
  (pod) => ({ ...pod, spec });

export const withStatus =
  (status: PodStatus): With =>
  (pod) => ({ ...pod, status: { ...pod.status, ...status } });

export const waitingFor = (reason: string, message = ''): With =>
  withStatus({ containerStatuses: [container('app', { waiting: { reason, message } })] });
