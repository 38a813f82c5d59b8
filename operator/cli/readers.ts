/** Reads which workloads and pods of the namespace read a key of the release. */
import type { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath } from '../../shared/kube/objects.ts';
import { workloadCollections, workloadKinds } from '../model/names.ts';
import type { Release } from '../model/release.ts';
import type { Pod, Workload } from '../model/snapshot.ts';
import { isTerminal, podOf, type PodObject } from '../observe/pod.ts';
import { keysRead, secretReads, type PodSpec } from '../observe/reads.ts';
import { isTerminating, workloadOf, type WorkloadObject } from '../observe/workload.ts';

export interface Readers {
  /** Those that are not being deleted. */
  readonly workloads: readonly Workload[];
  /** Those that are not terminal. */
  readonly pods: readonly Pod[];
}

interface List<T> {
  readonly items: readonly T[];
}

export async function findReaders(client: KubeClient, release: Release): Promise<Readers> {
  const { namespace } = release;
  const reads = (spec: PodSpec) => keysRead(secretReads(spec), release);
  const workloads = await Promise.all(
    workloadKinds.map(async (kind) => {
      const { items } = await client.get<List<WorkloadObject>>(collectionPath(workloadCollections[kind], namespace));
      return items.filter((object) => !isTerminating(object)).map((object): Workload => ({ ...workloadOf(kind, object), reads: reads(object.spec.template.spec) }));
    }),
  );
  const { items } = await client.get<List<PodObject>>(collectionPath('pods', namespace));
  const pods = items.filter((object) => !isTerminal(object)).map((object): Pod => ({ ...podOf(object), reads: reads(object.spec) }));
  return {
    workloads: workloads.flat().filter(({ reads }) => reads.length > 0),
    pods: pods.filter(({ reads }) => reads.length > 0),
  };
}
