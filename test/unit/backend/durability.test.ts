import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startChildBackend } from './child-backend.ts';
import { temporaryDirectory, tokenA } from './harness.ts';
import { postFinding } from './post-finding.ts';
import { Writers } from './writers.ts';

function storedTitles(directory: string): Set<unknown> {
  const database = new DatabaseSync(join(directory, 'kure.db'));
  const rows = database.prepare('select title from security_findings').all();
  database.close();
  return new Set(rows.map((row) => row['title']));
}

it('loses nothing that was answered 200 when it is killed with SIGKILL', { timeout: 1_200_000 }, async () => {
  const kills = Number(process.env['KILLS'] ?? 2);
  const directory = await temporaryDirectory();
  const env = { DATA_DIR: directory, SERVICE_TOKEN: tokenA };
  let backend = await startChildBackend(env);
  const writers = new Writers(backend.port);
  await writers.signUp();
  for (let kill = 0; kill < kills; kill += 1) {
    const load = new AbortController();
    const before = writers.count;
    const writing = writers.write(`${kill}`, load.signal);
    while (writers.count < before + 100) await sleep(10);
    backend.kill('SIGKILL');
    expect(await backend.ended).toBe('SIGKILL');
    load.abort();
    await writing;
    backend = await startChildBackend(env);
    writers.port = backend.port;
  }
  const database = new DatabaseSync(join(directory, 'kure.db'));
  const missing = await writers.missing(async (statement) => database.prepare(statement).all());
  database.close();
  expect({ missing, refused: [...writers.refused] }).toEqual({ missing: [], refused: [] });
});

it('shares its database with a second process: both start at once, both write, nothing fails', { timeout: 30_000 }, async () => {
  const directory = await temporaryDirectory();
  const env = { DATA_DIR: directory, SERVICE_TOKEN: tokenA };
  const backends = await Promise.all([1, 2, 3].map(() => startChildBackend(env)));
  const titles = Array.from({ length: 600 }, (_, index) => `finding ${index}`);
  const statuses = await Promise.all(titles.map((title, index) => postFinding(backends[index % 3]!.port, title)));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(storedTitles(directory)).toEqual(new Set(titles));
});

it('waits for a writer that holds the lock, and answers other requests meanwhile', { timeout: 30_000 }, async () => {
  const directory = await temporaryDirectory();
  const backend = await startChildBackend({ DATA_DIR: directory, SERVICE_TOKEN: tokenA });
  const other = new DatabaseSync(join(directory, 'kure.db'));
  other.exec('begin immediate');
  const write = postFinding(backend.port, 'patient');
  await sleep(300);
  const health = await fetch(`http://127.0.0.1:${backend.port}/health`, { signal: AbortSignal.timeout(500) });
  expect(health.status).toBe(200);
  other.exec('commit');
  other.close();
  expect(await write).toBe(200);
});

it('starts on a database that a newer release has brought further', { timeout: 30_000 }, async () => {
  const directory = await temporaryDirectory();
  const env = { DATA_DIR: directory, SERVICE_TOKEN: tokenA };
  const first = await startChildBackend(env);
  first.kill('SIGKILL');
  await first.ended;
  const database = new DatabaseSync(join(directory, 'kure.db'));
  database.exec(`insert into migrations values ('9999-from-the-future', '2030-01-01T00:00:00.000Z')`);
  database.close();
  const second = await startChildBackend(env);
  expect(await postFinding(second.port, 'as before')).toBe(200);
});
