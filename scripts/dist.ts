/** How the folders under `dist/` come about. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { withLock } from '../testbed/lock.ts';

/** Tests and benchmarks build before they start: two that start together would replace each other's folders. */
export function oneBuildAtATime(build: () => Promise<void>): Promise<void> {
  mkdirSync('dist', { recursive: true });
  return withLock('dist/.building', build);
}

/** Nobody sees half a build: the folder is replaced when its draft is whole. */
export async function replaceFolder(folder: string, build: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  await build(draft);
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
}
