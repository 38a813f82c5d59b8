/** Counts restarts from the outside: every change of a pod template raises its workload's generation. */
import type { Release } from './release.ts';

/** Generations by `Kind/name`. */
export type Generations = Readonly<Record<string, number>>;

interface WorkloadList {
  readonly items: readonly { readonly kind: string; readonly metadata: { readonly name: string; readonly generation: number } }[];
}

export async function generations(release: Release): Promise<Generations> {
  const { items } = await release.get<WorkloadList>('deployments,daemonsets,statefulsets');
  return Object.fromEntries(items.map(({ kind, metadata }) => [`${kind}/${metadata.name}`, metadata.generation]));
}

export function restartsBetween(before: Generations, after: Generations): Generations {
  return Object.fromEntries(Object.entries(after).map(([id, generation]) => [id, generation - (before[id] ?? generation)]));
}
