/**
 * Many waiting writes, one transaction and one fsync. A write resolves after the commit.
 *
 *     write ─┐
 *     write ─┼─► begin, kind after kind, commit ─► all resolve
 *     write ─┘         └─ one fails: roll back, then each in a transaction of its own
 *
 * Where all are of one kind that is a single statement, that statement is the transaction.
 */
import type { Transaction } from 'kysely';
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
    const kinds = Map.groupBy(batch, (waiting) => waiting.writeMany);
    const write = (database: Database) =>
      writeAll(database, kinds).catch((error: unknown) => {
        aWriteFailed = true;
        throw error;
      });
    const [kind, ...others] = kinds.keys();
    const isAlone = others.length === 0 && kind?.isOneStatement;
    try {
      const results = await (isAlone ? write(this.#database) : this.#database.transaction().execute(write));
      for (const waiting of batch) waiting.resolve(results.get(waiting));
    } catch (error) {
      if (!aWriteFailed || batch.length === 1) batch.forEach(({ reject }) => reject(error));
      else for (const waiting of batch) await this.#commit([waiting]);
    }
  }
}

/** Kind after kind: none of a batch has been answered yet, so nobody can tell in which order they came. */
async function writeAll(
  database: Database,
  kinds: ReadonlyMap<WriteMany<unknown, unknown>, readonly Waiting[]>,
): Promise<Map<Waiting, unknown>> {
  const results = new Map<Waiting, unknown>();
  for (const [writeMany, alike] of kinds) {
    const written = await writeMany(database, alike.map(({ item }) => item));
    alike.forEach((waiting, index) => results.set(waiting, written[index]));
  }
  return results;
}

async function oneByOne(transaction: Database, writes: readonly Write<unknown>[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const write of writes) results.push(await write(transaction as Transaction<Schema>));
  return results;
}
