/** Whether an object is as it was asked for: a server-side dry run, beside what is there. Argo CD and Flux both ask so. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { pathOf, readLive, type Manifest } from './objects.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Fields that nobody is to compare, as JSON pointers in parts, of the objects for which it holds. */
export type Ignored = (object: Manifest) => readonly (readonly string[])[];

export interface Drift {
  readonly desired: Manifest;
  readonly path: string;
  /** Undefined where the object is missing. */
  readonly live: Json | undefined;
  /** What it would be. */
  readonly predicted: Json;
}

/** Of those objects that are not as asked for. */
export async function driftOf(client: KubeClient, namespace: string, objects: readonly Manifest[], ignored: Ignored): Promise<Drift[]> {
  const all = await Promise.all(objects.map((desired) => compare(client, namespace, desired, ignored)));
  return all.flatMap((drift) => drift ?? []);
}

async function compare(client: KubeClient, namespace: string, desired: Manifest, ignored: Ignored): Promise<Drift | undefined> {
  const path = pathOf(desired, namespace);
  const found = await readLive(client, path);
  if (!found) return { desired, path, live: undefined, predicted: desired as unknown as Json };
  const dryRun = await client.patch<Manifest>(path, 'apply', desired, { dryRun: 'All', force: true });
  const [live, predicted] = [found, dryRun].map((object) => without(object as unknown as Json, [...serverOwned, ...ignored(desired)]));
  if (!live || !predicted || isDeepStrictEqual(live, predicted)) return undefined;
  return { desired, path, live, predicted };
}

/** What changes with every write, and what controllers say. */
const serverOwned = [['metadata', 'managedFields'], ['metadata', 'resourceVersion'], ['metadata', 'generation'], ['status']];

export function without(object: Json, pointers: readonly (readonly string[])[]): Json {
  return pointers.reduce((left, pointer) => withoutOne(left, pointer), object);
}

function withoutOne(object: Json, [first = '', ...rest]: readonly string[]): Json {
  if (!(first in object)) return object;
  const { [first]: child, ...others } = object;
  return rest.length === 0 ? others : { ...others, [first]: withoutOne(child as Json, rest) };
}
