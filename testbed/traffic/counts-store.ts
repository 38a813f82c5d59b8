/** One file a pod on a shared volume, so that the counts of pods that ended stay readable. */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Counts } from './counts.ts';

export interface Row extends Counts {
  readonly pod: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** So many of the first reports have their outcome, whatever became of later ones. */
  readonly settled: number;
  /** Whether the pod ended in order, with everything it sent accounted for. */
  readonly finished: boolean;
}

const suffix = '.json';

/** A reader never sees half a file. One write at a time for each pod. */
export async function writeRow(directory: string, row: Row): Promise<void> {
  const temporary = join(directory, `.${row.pod}.tmp`);
  await writeFile(temporary, JSON.stringify(row));
  await rename(temporary, join(directory, row.pod + suffix));
}

/** The rows of all pods, oldest first. */
export async function readRows(directory: string): Promise<Row[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(suffix) && !name.startsWith('.'));
  const rows = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(directory, name), 'utf8')) as Row));
  return rows.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}
