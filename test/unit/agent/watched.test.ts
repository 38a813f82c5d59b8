import { expect, test } from 'vitest';
import { stripPod } from '../../../agent/pod.ts';
import { isExcluded, isMine } from '../../../agent/watched.ts';
import { givenPod, withMetadata, withSpec } from './given-pod.ts';

const scope = { nodeName: 'node-a', ownNamespace: 'monitoring', excludedNamespaces: new Set(['sandbox']) };

test('an agent speaks of the pods of its node and of those on none; without a node of its own, of all', () => {
  expect(isMine(givenPod(), scope)).toBe(true);
  expect(isMine(givenPod(withSpec({})), scope)).toBe(true);
  expect(isMine(givenPod(withSpec({ nodeName: 'node-b' })), scope)).toBe(false);
  expect(isMine(givenPod(withSpec({ nodeName: 'node-b' })), { ...scope, nodeName: undefined })).toBe(true);
});

function excluded(metadata: Parameters<typeof withMetadata>[0], names: string[] = []): boolean {
  return isExcluded(givenPod(withMetadata(metadata)), scope, new Set(names));
}

test('a pod is excluded by its name, its namespace, the label of a mirror, and never by a part of a name', () => {
  expect(excluded({})).toBe(false);
  expect(excluded({}, ['web-0'])).toBe(true);
  expect(excluded({}, ['web'])).toBe(false);
  for (const namespace of ['kube-system', 'kure-system', 'monitoring', 'sandbox']) expect(excluded({ namespace })).toBe(true);
  expect(excluded({ labels: { 'kure.io/mirror': 'true' } })).toBe(true);
  expect(excluded({ labels: { 'kure.io/mirror': 'false' } })).toBe(false);
});

test('of a pod that another agent reports only what names it is kept', () => {
  const foreign = givenPod(withSpec({ nodeName: 'node-b', containers: [] }), withMetadata({ managedFields: [] }));
  expect(stripPod(foreign, (pod) => isMine(pod, scope))).toEqual({
    metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', resourceVersion: '7' },
    spec: { nodeName: 'node-b' },
  });
  const own = givenPod(withMetadata({ managedFields: [] }));
  expect(stripPod(own, (pod) => isMine(pod, scope))).toEqual(givenPod());
});
