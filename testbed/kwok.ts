// Fake nodes, whose pods are nothing but objects: KWOK plays their kubelet. For scale; real pods are for truth.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTool } from './binaries.ts';
import { kubectl } from './kubectl.ts';
import { withLock } from './lock.ts';
import { inside } from './network.ts';
import { kubeconfigInside, state } from './places.ts';
import { forget, identify, lifeOf, recorded, start, stop, type Identity } from './process.ts';
import { silent, type Progress } from './progress.ts';

/** On a fake node: its label, and the taint that keeps real pods away. */
export const fakeNodeKey = 'kwok.kure.io/node';

/** Of pods on fake nodes. All of it is the loopback of whoever connects, so a test can answer in a pod's name. */
const fakePodRange = '127.64.0.0/10';

/** A pod with this annotation never ends, like one on a node that has died; the stages know it. */
export const lostAnnotation = 'kwok.kure.io/lost';

/** A pod with this annotation starts no container until it goes; the stages know it. */
export const waitingAnnotation = 'kwok.kure.io/waiting';

/** Without a lease a node is taken for dead after a minute, with all its pods. */
export const kwokFlags = (kubeconfig: string): string[] => [
  `--kubeconfig=${kubeconfig}`,
  `--config=${join(import.meta.dirname, 'kwok', 'stages.yaml')}`,
  `--manage-nodes-with-label-selector=${fakeNodeKey}=true`,
  `--cidr=${fakePodRange}`,
  '--node-ip=127.0.0.1',
  '--node-lease-duration-seconds=40',
];

const name = 'kwok';

/** One file for each process that works with it. */
const users = join(state, 'kwok-users');
const mine = join(users, String(process.pid));
const lock = '/run/kure-bootstrap-kwok.lock';

/** What a pod needs in its specification to run on a fake node and nowhere else. */
export const onFakeNodes = {
  nodeSelector: { [fakeNodeKey]: 'true' },
  tolerations: [{ key: fakeNodeKey, operator: 'Exists' }],
};

/**
 * Starts KWOK with this many nodes, unless somebody else has. The cluster must be up. Returns what leaves it again: the
 * last one who leaves stops it.
 */
export async function startKwok(nodes = 2, progress: Progress = silent): Promise<() => Promise<void>> {
  const program = await buildTool('kwok', progress);
  await withLock(lock, async () => {
    mkdirSync(users, { recursive: true });
    writeFileSync(mine, JSON.stringify(identify(process.pid)));
    if (lifeOf(recorded(name)) === 'gone') await startProgram(program, nodes);
  });
  return leaveKwok;
}

async function startProgram(program: string, nodes: number): Promise<void> {
  const line = inside(program, ...kwokFlags(kubeconfigInside));
  await removeNodes();
  start(name, line.program, line.args);
  await kubectl(['apply', '--server-side', '--filename=-'], JSON.stringify(nodeList(nodes)));
  await kubectl(['wait', 'node', `--selector=${fakeNodeKey}`, '--for=condition=Ready', '--timeout=60s']);
}

/** Its nodes go first, so that nothing waits for a kubelet that has gone. */
async function leaveKwok(): Promise<void> {
  await withLock(lock, async () => {
    rmSync(mine, { force: true });
    if (isInUse()) return;
    await removeNodes();
    await stopKwok();
  });
}

/** Also those of a run that was killed: nobody played them since, so they are tainted as unreachable. */
const removeNodes = (): Promise<string> => kubectl(['delete', 'node', `--selector=${fakeNodeKey}`, '--ignore-not-found']);

/** Who has died without a word counts no more. */
const isInUse = (): boolean =>
  readdirSync(users).some((file) => lifeOf(JSON.parse(readFileSync(join(users, file), 'utf8')) as Identity) !== 'gone');

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
