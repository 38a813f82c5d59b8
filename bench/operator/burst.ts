/** Many releases edited at once: how long until all are patched for a restart, and, of ours, until all is retired. */
import type { AuditEvent } from '../../testbed/audit.ts';
import { objectPath } from '../../shared/kube/objects.ts';
import { answeredAt, Audit, subjectOf } from '../audit.ts';
import { userName, type Cluster } from '../cluster.ts';
import { inParallel } from '../in-parallel.ts';
import { end, until } from '../processes.ts';
import { launch, type Contender } from './contenders.ts';
import { isEdit, isRestart } from './latency.ts';
import { edit, workloads, type Workload } from './release.ts';
import type { Rollouts } from './rollouts.ts';
import type { Verifiers } from './verifiers.ts';

export interface Burst {
  /** Milliseconds from the first edit until some workload of each release was patched. */
  readonly allFirst: number;
  /** Milliseconds from the first edit until every workload was. */
  readonly allPatched: number;
  /** Milliseconds from the first edit until nothing was left to do: rolled out, and of ours all old values retired. */
  readonly allDone: number;
  /** Bytes: the most that was resident meanwhile. */
  readonly peakMemory: number;
}

/** How many requests of ours are under way at once; with more, the API server only queues them. */
const width = 20;

export interface Scene {
  readonly cluster: Cluster;
  readonly namespaces: readonly string[];
  readonly rollouts: Rollouts;
  readonly verifiers: Verifiers;
}

export async function burstOf(contender: Contender, scene: Scene): Promise<Burst> {
  const { cluster, namespaces, rollouts, verifiers } = scene;
  const { child, peakMemory } = await launch(contender, cluster);
  try {
    await until('the contender has seen everything', () => contender.isDone(cluster.client, namespaces.at(-1) ?? ''), 120);
    const audit = new Audit(cluster.auditLog);
    const seen: AuditEvent[] = [];
    await inParallel(namespaces, width, (namespace) => edit(cluster.client, namespace));
    const patches = () => seen.filter((event) => isRestart(event, userName(contender.user)));
    const all = namespaces.length * workloads.length;
    await until('the restart patches of all workloads', async () => {
      seen.push(...(await audit.next()));
      return new Set(patches().map(subjectOf)).size === all;
    }, 600, 200);
    await rollouts.over(workloads.map(({ name }) => name), all);
    if (contender.user === 'ours') await verifiers.allRetired(namespaces);
    const doneAt = Date.now();
    const startedAt = Math.min(...seen.filter((event) => isEdit(event)).map(answeredAt));
    return { ...patchTimes(patches(), startedAt), allDone: doneAt - startedAt, peakMemory: peakMemory() };
  } finally {
    await end(child);
  }
}

/** Each workload counts when it was first patched. */
function patchTimes(patches: readonly AuditEvent[], startedAt: number): Pick<Burst, 'allFirst' | 'allPatched'> {
  const byRelease = new Map<string, number>();
  const byWorkload = new Map<string, number>();
  for (const event of patches) {
    const at = answeredAt(event);
    keepEarliest(byRelease, event.objectRef?.namespace ?? '', at);
    keepEarliest(byWorkload, subjectOf(event), at);
  }
  return { allFirst: Math.max(...byRelease.values()) - startedAt, allPatched: Math.max(...byWorkload.values()) - startedAt };
}

function keepEarliest(times: Map<string, number>, key: string, at: number): void {
  times.set(key, Math.min(at, times.get(key) ?? Infinity));
}

/** Milliseconds for the same rollouts in the same two waves, each started by what `kubectl rollout restart` sends. */
export async function twoWaves({ cluster, namespaces, rollouts }: Scene): Promise<number> {
  const startedAt = performance.now();
  for (const role of ['verifier', 'presenter'] as const) {
    const wave = workloads.filter((workload) => workload.role === role);
    const targets = namespaces.flatMap((namespace) => wave.map((workload) => ({ namespace, workload })));
    await inParallel(targets, width, ({ namespace, workload }) => restart(cluster, namespace, workload));
    await rollouts.over(wave.map(({ name }) => name), targets.length);
  }
  return performance.now() - startedAt;
}

async function restart({ client }: Cluster, namespace: string, { collection, name }: Workload): Promise<void> {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
  await client.patch(objectPath(collection, namespace, name), 'merge', { spec: { template: { metadata: { annotations } } } });
}
