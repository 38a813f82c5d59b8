/**
 * Many waiting writes, one transaction and one fsync. A write resolves after the commit.
 *
 *     write ─┐
 *     write ─┼─► begin, one after the other, commit ─► all resolve
 *     write ─┘         ├─ one fails: roll back, then each in a transaction of its own
 *                      └─ the database fails: all are put off, and what came meanwhile
 *
 * Where all are of one kind that is a single statement, that statement is the transaction.
 */
import type { Transaction } from 'kysely';
import { Declined } from '../domain/declined.ts';
import { DatabaseError } from './database-error.ts';
import type { Database, Schema } from './schema.ts';

/** May run twice, so it must do nothing but work on the transaction. */
export type Write<T> = (transaction: Transaction<Schema>) => Promise<T>;

/** Writes all items in few statements; returns one result for each, in their order. It may run twice, too. */
export interface WriteMany<Item, T> {
  (database: Database, items: readonly Item[]): Promise<readonly T[]>;
  /** It is one statement that takes the lock of all writers itself: alone it needs no transaction around it. */
  readonly isOneStatement?: true;
}

interface Waiting {
  readonly writeMany: WriteMany<unknown, unknown>;
  readonly item: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Neighbours of one kind. */
interface Run {
  readonly writeMany: WriteMany<unknown, unknown>;
  readonly alike: Waiting[];
}

/** Bounds how long one transaction keeps another process waiting. */
const maxBatch = 500;
/** So many wait only where the database is away or very slow. */
const maxWaiting = 10 * maxBatch;
const retryAfterMs = 2_000;

export class GroupCommit {
  readonly #database: Database;
  readonly #queue: Waiting[] = [];
  /** How many at its head have failed together and are written one by one. */
  #suspects = 0;
  #working: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  write<T>(write: Write<T>): Promise<T> {
    return this.writeWithOthers(oneByOne as WriteMany<Write<T>, T>, write);
  }

  /** Items that wait one behind the other for the same function are given to it together. */
  async writeWithOthers<Item, T>(writeMany: WriteMany<Item, T>, item: Item): Promise<T> {
    if (this.#queue.length >= maxWaiting) throw new Declined('unavailable', 'Too much waits for the database: try again', retryAfterMs);
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ writeMany, item, resolve, reject } as Waiting);
      this.#working ??= this.#work();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    do {
      // One turn of the event loop, in which the requests that have just arrived can join.
      await new Promise(setImmediate);
      await this.#commit(this.#queue.splice(0, this.#suspects > 0 ? 1 : maxBatch));
    } while (this.#queue.length > 0);
    this.#working = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    this.#suspects = Math.max(0, this.#suspects - batch.length);
    let aWriteFailed = false;
    const runs = runsOf(batch);
    const write = (database: Database) =>
      writeAll(database, runs).catch((error: unknown) => {
        aWriteFailed = true;
        throw error;
      });
    const isAlone = runs.length === 1 && runs[0]?.writeMany.isOneStatement;
    try {
      const results = await (isAlone ? write(this.#database) : this.#database.transaction().execute(write));
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (error instanceof DatabaseError) this.#putOff(batch, error);
      else if (!aWriteFailed || batch.length === 1) batch.forEach(({ reject }) => reject(error));
      else this.#suspect(batch);
    }
  }

  #suspect(batch: readonly Waiting[]): void {
    this.#queue.unshift(...batch);
    this.#suspects = batch.length;
  }

  /** Whoever came meanwhile has waited for the same database, and would have to for as long again. */
  #putOff(batch: readonly Waiting[], error: DatabaseError): void {
    for (const { reject } of [...batch, ...this.#queue.splice(0)]) reject(error);
    this.#suspects = 0;
  }
}

/** In the order in which they came: whoever gave up waiting may have sent what they write next. */
function runsOf(batch: readonly Waiting[]): Run[] {
  const runs: Run[] = [];
  for (const waiting of batch) {
    const last = runs.at(-1);
    if (last?.writeMany === waiting.writeMany) last.alike.push(waiting);
    else runs.push({ writeMany: waiting.writeMany, alike: [waiting] });
  }
  return runs;
}

async function writeAll(database: Database, runs: readonly Run[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const { writeMany, alike } of runs) results.push(...(await writeMany(database, alike.map(({ item }) => item))));
  return results;
}

async function oneByOne(transaction: Database, writes: readonly Write<unknown>[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const write of writes) results.push(await write(transaction as Transaction<Schema>));
  return results;
}
