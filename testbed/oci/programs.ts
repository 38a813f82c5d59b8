// The project's own images: the shared Node base and one layer with the bundle.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../places.ts';
import { entriesOf } from './folder.ts';
import { buildImage, layerOf, type Image } from './image.ts';
import { nodeBase, nonroot } from './node-base.ts';

const node = join(import.meta.dirname, '../../node_modules/node/bin/node');

/** V8 keeps its young generation small, for more frequent collections. */
const smallNursery = '--max-semi-space-size=1';
/** It grows its old generation by 30 % between collections, not by several times, so that it holds less that is dead. */
const slowGrowth = '--heap-growing-percent=30';

/** How Node starts the program in its image; docs/performance.md has the numbers. */
export function nodeFlags(program: string): string[] {
  if (program === 'backend') return [smallNursery, slowGrowth];
  // These rest nearly always, and can do with slower code.
  return ['operator', 'agent', 'scanner'].includes(program) ? [smallNursery, '--optimize-for-size'] : [];
}

/** mallopt(3): what is freed goes back to the system, one hash of a password or one long report at a time. */
export function environment(program: string): Readonly<Record<string, string>> {
  if (program !== 'backend') return {};
  return { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };
}

export async function programImages(folder: string, tag: string): Promise<Image[]> {
  const programs = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => existsSync(join(folder, name, 'main.mjs')))
        .toSorted()
    : [];
  if (programs.length === 0) throw new Error(`There is no program in ${folder}: run npm run build first.`);
  mkdirSync(join(cache, 'images'), { recursive: true });
  const base = await nodeBase(node);
  return programs.map((program) =>
    buildImage({
      name: `ghcr.io/kure-bootstrap/${program}:${tag}`,
      layers: [base, layerOf([{ kind: 'folder', path: 'app' }, ...entriesOf(join(folder, program), 'app')])],
      entrypoint: ['/usr/bin/node', ...nodeFlags(program), '/app/main.mjs'],
      user: `${nonroot}:${nonroot}`,
      workingDir: '/app',
      env: environment(program),
      labels: {
        'org.opencontainers.image.title': program,
        'org.opencontainers.image.version': tag,
        'org.opencontainers.image.licenses': 'Apache-2.0',
      },
    }),
  );
}
