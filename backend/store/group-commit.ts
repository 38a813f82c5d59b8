/**
 * Many waiting writes, one transaction and one fsync. A write resolves after the commit.
 *
 *     write ─┐
 *     write ─┼─► begin, kind after kind, commit ─► all resolve
 *     write ─┘         └─ one fails: roll back, then each in a transaction of its own
 */
import type { Transaction } from 'kysely';
import type { Database, Schema } from './schema.ts';

/** May run twice, so it must do nothing but work on the transaction. */
export type Write<T> = (transaction: Transaction<Schema>) => Promise<T>;

/** Writes all items in few statements; returns one result for each, in their order. It may run twice, too. */
export type WriteMany<Item, T> = (transaction: Transaction<Schema>, items: readonly Item[]) => Promise<readonly T[]>;

interface Waiting {
  readonly writeMany: WriteMany<unknown, unknown>;
  readonly item: unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Bounds how long one transaction keeps another process waiting. */
const maxBatch = 500;

export class GroupCommit {
  readonly #database: Database;
  readonly #queue: Waiting[] = [];
  #working: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  write<T>(write: Write<T>): Promise<T> {
    return this.writeWithOthers(oneByOne as WriteMany<Write<T>, T>, write);
  }

  /** Items that wait for the same function are given to it together. */
  writeWithOthers<Item, T>(writeMany: WriteMany<Item, T>, item: Item): Promise<T> {
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
      await this.#commit(this.#queue.splice(0, maxBatch));
    } while (this.#queue.length > 0);
    this.#working = undefined;
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    let aWriteFailed = false;
    try {
      const results = await this.#database.transaction().execute((transaction) =>
        writeAll(transaction, batch).catch((error: unknown) => {
          aWriteFailed = true;
          throw error;
        }),
      );
      for (const waiting of batch) waiting.resolve(results.get(waiting));
    } catch (error) {
      if (!aWriteFailed || batch.length === 1) batch.forEach(({ reject }) => reject(error));
      else for (const waiting of batch) await this.#commit([waiting]);
    }
  }
}

/** Kind after kind: none of a batch has been answered yet, so nobody can tell in which order they came. */
async function writeAll(transaction: Transaction<Schema>, batch: readonly Waiting[]): Promise<Map<Waiting, unknown>> {
  const results = new Map<Waiting, unknown>();
  for (const [writeMany, alike] of Map.groupBy(batch, (waiting) => waiting.writeMany)) {
    const written = await writeMany(transaction, alike.map(({ item }) => item));
    alike.forEach((waiting, index) => results.set(waiting, written[index]));
  }
  return results;
}

async function oneByOne(transaction: Transaction<Schema>, writes: readonly Write<unknown>[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const write of writes) results.push(await write(transaction));
  return results;
}
