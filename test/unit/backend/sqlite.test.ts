/** A commit counts when the disk has it. The disk is real but for its answer, which the test withholds or spoils. */
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openStores } from '../../../backend/store/open-stores.ts';
import { openSqlite } from '../../../backend/store/sqlite.ts';
import { startChildBackend } from './child-backend.ts';
import { asService, findingReport, startBackend, temporaryDirectory, tokenA } from './harness.ts';
import { postFinding } from './post-finding.ts';

it('answers a write after the disk has it, and lets everything else run meanwhile', async () => {
  const directory = await temporaryDirectory();
  const stores = await openStores(await openSqlite(join(directory, 'kure.db'), () => {}), 'sqlite');
  onTestFinished(() => stores.close());
  const disk = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using file = await open('/dev/null');
  const datasync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync').mockImplementation(() => {
    asked.resolve();
    return disk.promise;
  });
  onTestFinished(() => datasync.mockRestore());
  let isAnswered = false;

  const saving = stores.findings.save(findingReport({ title: 'on the way to the disk' })).then(() => (isAnswered = true));
  await asked.promise;

  expect(await readFile(join(directory, 'kure.db-wal'), 'latin1')).toContain('on the way to the disk');
  await new Promise(setImmediate);
  expect(isAnswered).toBe(false);
  disk.resolve();
  await saving;
});

it('puts writes off while the disk is full, keeps what it has, and goes on when there is room', async () => {
  const { app, database } = await startBackend();
  const room = (pages: number) => sql`${sql.raw(`pragma max_page_count = ${pages}`)}`.execute(database);
  const report = (title: string) =>
    app.inject({ method: 'POST', url: '/api/security/findings', headers: asService(tokenA), payload: findingReport({ title, manifest: 'x'.repeat(200_000) }) });
  const titles = async () => (await app.inject({ url: '/api/security/findings', headers: asService(tokenA) })).json<{ title: string }[]>().map(({ title }) => title);
  await report('before');
  await room(1);
  const answers = await Promise.all([report('one'), report('two')]);
  for (const answer of answers) expect(answer).toMatchObject({ statusCode: 503, headers: expect.objectContaining({ 'retry-after': '2' }) });
  expect(await titles()).toEqual(['before']);
  await room(1_000_000);
  expect((await report('after')).statusCode).toBe(200);
  expect(await titles()).toEqual(['after', 'before']);
});

it('ends when the disk does not take a commit, and acknowledges nothing from then on', { timeout: 30_000 }, async () => {
  const directory = await temporaryDirectory();
  const env = { DATA_DIR: directory, SERVICE_TOKEN: tokenA };
  const backend = await startChildBackend(env, 'test/unit/backend/on-a-failing-disk.ts');
  expect(await postFinding(backend.port, 'before')).toBe(200);
  await writeFile(join(directory, 'disk-fails'), '');

  const answers = await Promise.all(['during', 'meanwhile'].map((title) => postFinding(backend.port, title).catch(String)));

  expect(answers).not.toContain(200);
  expect(await backend.ended).toBe(1);
  expect(backend.output()).toContain('the disk did not take a commit');
  const next = await startChildBackend(env);
  expect(await postFinding(next.port, 'after')).toBe(200);
});
