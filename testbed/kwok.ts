// Fake nodes, whose pods are nothing but objects: KWOK plays their kubelet. For scale; real pods are for truth.
import { join } from 'node:path';
import { buildTool } from './binaries.ts';
import { kubectl } from './kubectl.ts';
import { inside } from './network.ts';
import { kubeconfigInside } from './places.ts';
import { forget, lifeOf, recorded, start, stop } from './process.ts';
import { silent, type Progress } from './progress.ts';

/** On a fake node: its label, and the taint that keeps real pods away. */
export const fakeNodeKey = 'kwok.kure.io/node';

/** Of pods on fake nodes. All of it is the loopback of whoever connects, so a test can answer in a pod's name. */
export const fakePodRange = '127.64.0.0/10';

/** A pod with this annotation never ends, like one on a node that has died; the stages know it. */
export const lostAnnotation = 'kwok.kure.io/lost';

const name = 'kwok';

/** What a pod needs in its specification to run on a fake node and nowhere else. */
export const onFakeNodes = {
  nodeSelector: { [fakeNodeKey]: 'true' },
  tolerations: [{ key: fakeNodeKey, operator: 'Exists' }],
};

/**
 * Starts KWOK with this many nodes. The cluster must be up. Returns what stops it again; who finds it running shares it,
 * and leaves the end to who started it.
 */
export async function startKwok(nodes = 2, progress: Progress = silent): Promise<() => Promise<void>> {
  const program = await buildTool('kwok', progress);
  if (lifeOf(recorded(name)) !== 'gone') return async () => {};
  const line = inside(
    program,
    `--kubeconfig=${kubeconfigInside}`,
    `--config=${join(import.meta.dirname, 'kwok', 'stages.yaml')}`,
    `--manage-nodes-with-label-selector=${fakeNodeKey}=true`,
    `--cidr=${fakePodRange}`,
    '--node-ip=127.0.0.1',
    '--node-lease-duration-seconds=40',
  );
  start(name, line.program, line.args);
  try {
    await kubectl(['apply', '--server-side', '--filename=-'], JSON.stringify(nodeList(nodes)));
    await kubectl(['wait', 'node', `--selector=${fakeNodeKey}`, '--for=condition=Ready', '--timeout=60s']);
  } catch (error) {
    await stopKwok();
    throw error;
  }
  return removeKwok;
}

/** Its nodes go first, so that nothing waits for a kubelet that has gone. */
async function removeKwok(): Promise<void> {
  await kubectl(['delete', 'node', `--selector=${fakeNodeKey}`, '--ignore-not-found']);
  await stopKwok();
}

/** The process alone, for a cluster that is taken away anyway. */
export async function stopKwok(): Promise<void> {
  await stop(recorded(name), 2_000);
  forget(name);
}

const nodeList = (count: number): object => ({
  apiVersion: 'v1',
  kind: 'List',
  items: Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `kwok-${index}`,
      labels: { [fakeNodeKey]: 'true', 'kubernetes.io/hostname': `kwok-${index}` },
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: { taints: [{ key: fakeNodeKey, effect: 'NoSchedule' }] },
  })),
});
