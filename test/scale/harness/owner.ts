/** Whose a namespace or a folder is, so that the next run takes away what one that was killed has left. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../../shared/kube/objects.ts';
import { kubectl, kubectlJson } from '../../../testbed/kubectl.ts';
import { identify } from '../../../testbed/process.ts';

const label = 'kure.io/owner';
const prefix = 'kure-bootstrap-run-';

/** A pid is used again, but not with the same start: `4711.123456`. */
const ownerOf = (pid: number): string => `${pid}.${identify(pid)?.startTime}`;

/** Labels of what this process makes and will take away. */
export const owned: Readonly<Record<string, string>> = { [label]: ownerOf(process.pid) };

/** For all that this run and its children write in passing. */
export const ownFolder = (): string => mkdtempSync(join(tmpdir(), `${prefix}${ownerOf(process.pid)}-`));

const isGone = (owner: string): boolean => ownerOf(Number.parseInt(owner, 10)) !== owner;

/** Does not wait: the cluster takes its time with namespaces. */
export async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(prefix))) {
    if (isGone(name.slice(prefix.length).split('-', 1)[0] ?? '')) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  const namespaces = await list('namespaces', `--selector=${label}`);
  const left = namespaces.filter(({ metadata }) => isGone(metadata.labels?.[label] ?? '')).map(({ metadata }) => metadata.name);
  if (left.length === 0) return;
  // First, for they are found by its name: what belongs to no namespace, and the volumes.
  for (const kind of ['clusterrolebindings', 'clusterroles', 'persistentvolumes']) {
    const names = (await list(kind)).map(({ metadata }) => metadata.name).filter((name) => left.some((namespace) => name.startsWith(namespace)));
    if (names.length > 0) await remove(kind, names);
  }
  await remove('namespaces', left);
}

const list = async (...what: readonly string[]): Promise<readonly KubeObject[]> => (await kubectlJson<{ items: KubeObject[] }>(['get', ...what])).items;

const remove = (kind: string, names: readonly string[]): Promise<string> => kubectl(['delete', kind, ...names, '--ignore-not-found', '--wait=false']);
