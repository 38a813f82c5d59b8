import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { Declined } from '../../../backend/domain/declined.ts';
import { DatabaseError } from '../../../backend/store/database-error.ts';
import { GroupCommit, type WriteMany } from '../../../backend/store/group-commit.ts';
import { findingReport, podReport, startBackend } from './harness.ts';

const outcomes = (results: readonly PromiseSettledResult<unknown>[]) => results.map(({ status }) => status);

it('commits the neighbours of a write that fails', async () => {
  const { database } = await startBackend();
  const commits = new GroupCommit(database);
  const insert = (name: string) =>
    commits.write((transaction) =>
      sql`insert into excluded_pods (pod_name, created_at) values (${name}, '')`.execute(transaction),
    );
  expect(outcomes(await Promise.allSettled(['a', 'b', 'a', 'c'].map(insert)))).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  const rows = await database.selectFrom('excluded_pods').select('pod_name').execute();
  expect(rows.map(({ pod_name }) => pod_name)).toEqual(['a', 'b', 'c']);
});

it('puts off a whole batch at once where there is no database, and what came meanwhile', async () => {
  const { database } = await startBackend();
  const commits = new GroupCommit(database);
  const away = new DatabaseError('away', true);
  const attempts: number[] = [];
  const later: Promise<unknown>[] = [];
  const write = async (_: unknown, items: readonly number[]): Promise<never> => {
    attempts.push(items.length);
    later.push(commits.write(async () => 'meanwhile'));
    throw away;
  };
  const sooner = [1, 2, 3].map((item) => commits.writeWithOthers(write, item));
  const refused = { status: 'rejected', reason: away };
  expect(await Promise.allSettled(sooner)).toEqual([refused, refused, refused]);
  expect(await Promise.allSettled(later)).toEqual([refused]);
  expect(attempts).toEqual([3]);
  expect(await commits.write(async () => 'afterwards')).toBe('afterwards');
});

it('puts off the rest of a batch whose writes are tried one by one as the database goes away', async () => {
  const { database } = await startBackend();
  const commits = new GroupCommit(database);
  const away = new DatabaseError('away', true);
  const attempts: number[] = [];
  const write = async (_: unknown, items: readonly number[]): Promise<never> => {
    attempts.push(items.length);
    throw items.length > 1 ? new Error('of one of them') : away;
  };
  const results = await Promise.allSettled([1, 2, 3].map((item) => commits.writeWithOthers(write, item)));
  expect(results).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: away })));
  expect(attempts).toEqual([3, 1]);
});

it('refuses at once what would have to wait behind thousands, and says when to come again', async () => {
  const { database } = await startBackend();
  const commits = new GroupCommit(database);
  const results = await Promise.allSettled(Array.from({ length: 6_000 }, () => commits.write(async () => 'written')));
  const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown);
  expect(refused).toHaveLength(1_000);
  expect(refused[0]).toMatchObject({ reason: 'unavailable', retryAfterMs: 2_000 });
  expect(refused[0]).toBeInstanceOf(Declined);
  expect(await commits.write(async () => 'afterwards')).toBe('afterwards');
});

it('keeps the order in which writes came, and gives only neighbours of one kind together', async () => {
  const { database } = await startBackend();
  const commits = new GroupCommit(database);
  const seen: string[] = [];
  const kind = (name: string): WriteMany<number, void> => async (_, items) => {
    seen.push(`${name} ${items.join()}`);
    return items.map(() => undefined);
  };
  const [a, b] = [kind('a'), kind('b')];
  await Promise.all(([[a, 1], [a, 2], [b, 3], [a, 4]] as const).map(([write, item]) => commits.writeWithOthers(write, item)));
  expect(seen).toEqual(['a 1,2', 'b 3', 'a 4']);
});

it('takes a report before the recovery that follows it, also where others write between them', async () => {
  const { stores } = await startBackend();
  const recover = () => stores.podFailures.resolve({ namespace: 'shop', pod_name: 'web-1' }, 'well', '2026-11-01T10:00:00.000Z');
  const report = () => stores.podFailures.save(podReport());
  await Promise.all([report(), recover(), stores.findings.save(findingReport()), report(), recover()]);
  expect(await stores.podFailures.withStatus('new')).toEqual([]);
});
