/** Settings that people change in the dashboard. */
import type { GroupCommit } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import type { AppSettingsStore } from '../store.ts';

export class SqlAppSettings implements AppSettingsStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async read(key: string): Promise<string | undefined> {
    const row = await this.#database.selectFrom('app_settings').select('value').where('key', '=', key).executeTakeFirst();
    return row?.value;
  }

  async write(key: string, value: string, at: string): Promise<void> {
    const facts = { value, updated_at: at };
    await this.#commits.write((transaction) =>
      transaction
        .insertInto('app_settings')
        .values({ key, ...facts })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(facts))
        .execute(),
    );
  }
}
