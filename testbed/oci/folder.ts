// The entries of a folder on disk, as they go into a layer.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from './tar.ts';

/** In the order of names; modes keep only who may execute. */
export function* entriesOf(
  folder: string,
  at: string,
  skip: (path: string) => boolean = () => false,
): Generator<Entry> {
  for (const name of readdirSync(folder).toSorted()) {
    const source = join(folder, name);
    const path = at ? `${at}/${name}` : name;
    if (skip(path)) continue;
    const stat = lstatSync(source);
    if (stat.isSymbolicLink()) yield { kind: 'link', path, target: readlinkSync(source) };
    else if (stat.isDirectory()) {
      yield { kind: 'folder', path };
      yield* entriesOf(source, path, skip);
    } else yield { kind: 'file', path, mode: stat.mode & 0o111 ? 0o755 : 0o644, content: readFileSync(source) };
  }
}
