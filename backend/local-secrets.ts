/** Secrets for a backend that was given none: made once, kept beside the database, readable by the owner only. */
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newLetters } from '../shared/credential/new-value.ts';

/** Returns the secret kept as `name` in `directory`. Two processes that start at the same time get the same one. */
export async function keptSecret(directory: string, name: string): Promise<string> {
  const file = join(directory, name);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, newLetters(), { mode: 0o600 });
  // A link appears with its whole content, and only if nobody was faster.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return (await readFile(file, 'utf8')).trim();
}
