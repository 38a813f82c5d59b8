// The container runtime of the node, by its own client.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';
import { archive, type Image } from './oci/image.ts';
import { containerd, containerdSocket } from './places.ts';

const client = ['--address', containerdSocket, '--namespace', 'k8s.io'];

export const isRuntimeReady = (): Promise<boolean> =>
  command('ctr', [...client, 'version']).then(
    () => true,
    () => false,
  );

/** Imports what the node does not have in exactly this content; says which those were. */
export async function importImages(images: Image[]): Promise<string[]> {
  const present = await digests();
  const missing = images.filter(({ name, manifest }) => present.get(name) !== manifest.digest);
  if (missing.length === 0) return [];
  await command('ctr', [...client, 'images', 'import', '-'], { input: archive(missing) });
  return missing.map(({ name }) => name);
}

async function digests(): Promise<Map<string, string>> {
  const table = await command('ctr', [...client, 'images', 'list']);
  const rows = table
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(/\s+/));
  return new Map(rows.map(([name = '', , digest = '']) => [name, digest]));
}

/** The process a container was started with, as the host sees it. */
export function processOf(containerId: string): number {
  const file = join(containerd, 'state', 'io.containerd.runtime.v2.task', 'k8s.io', containerId, 'init.pid');
  if (!existsSync(file)) throw new Error(`container ${containerId} does not run on this node`);
  const pid = Number(readFileSync(file, 'utf8'));
  if (!readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(containerId))
    throw new Error(`container ${containerId} has ended`);
  return pid;
}
