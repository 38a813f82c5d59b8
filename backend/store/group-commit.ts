/**
 * Many waiting writes, one transaction and one fsync. A write resolves after the commit.
 *
 *     write ─┐
 *     write ─┼─► begin, all of them in order, commit ─► all resolve
 *     write ─┘         └─ one fails: roll back, then each in a transaction of its own
 */
import type { Transaction } from 'kysely';
import type { Database, Schema } from './schema.ts';

/** May run twice, so it must do nothing but work on the transaction. */
export type Write<T> = (transaction: Transaction<Schema>) => Promise<T>;

interface Waiting {
  readonly write: Write<unknown>;
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
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ write, resolve: resolve as (result: unknown) => void, reject });
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
      const results = await this.#database.transaction().execute(async (transaction) => {
        const results: unknown[] = [];
        for (const { write } of batch) {
          results.push(
            await write(transaction).catch((error: unknown) => {
              aWriteFailed = true;
              throw error;
            }),
          );
        }
        return results;
      });
      batch.forEach(({ resolve }, index) => resolve(results[index]));
    } catch (error) {
      if (!aWriteFailed || batch.length === 1) batch.forEach(({ reject }) => reject(error));
      else for (const waiting of batch) await this.#commit([waiting]);
    }
  }
}
