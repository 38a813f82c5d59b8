/** The rows of docs/compatibility.md: where our answers are meant to be others than upstream's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const document = join(import.meta.dirname, '../../docs/compatibility.md');

export const differences: ReadonlySet<string> = new Set(
  [...readFileSync(document, 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, id]) => id!),
);
