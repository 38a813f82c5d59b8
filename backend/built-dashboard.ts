/** Where the built dashboard is, and which files it has. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface BuiltDashboard {
  readonly root: string;
  /** Paths from the root, without those that are another file compressed. */
  readonly files: ReadonlySet<string>;
}

/** Beside the bundle in an image, in `dist/` where the sources run. */
const places = ['dashboard', '../dist/dashboard'];

/** undefined: there is no build. */
export function findDashboard(): BuiltDashboard | undefined {
  const root = places.map((place) => join(import.meta.dirname, place)).find((folder) => existsSync(join(folder, 'index.html')));
  return root === undefined ? undefined : dashboardIn(root);
}

export function dashboardIn(root: string): BuiltDashboard {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Without path.join, which takes long enough for V8 to load its optimizing compiler: 5 MiB of memory.
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(root.length + 1));
  return { root, files: new Set(paths.filter((path) => !/\.(br|gz)$/.test(path))) };
}
