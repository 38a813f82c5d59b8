/** Everything that is stored encrypted, wherever it is. */
import type { GroupCommit } from '../group-commit.ts';
import type { Database } from '../schema.ts';
import type { SealedStore } from '../store.ts';

export class SqlSealed implements SealedStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async sealedValues(): Promise<string[]> {
    const keys = await this.#database.selectFrom('llm_config').select('api_key_sealed as sealed').execute();
    const urls = await this.#database.selectFrom('notification_settings').select('webhook_url_sealed as sealed').execute();
    return [...keys, ...urls].flatMap(({ sealed }) => sealed ?? []);
  }

  async reseal(from: string, to: string): Promise<boolean> {
    return this.#commits.write(async (transaction) => {
      const key = await transaction
        .updateTable('llm_config')
        .set({ api_key_sealed: to })
        .where('api_key_sealed', '=', from)
        .executeTakeFirstOrThrow();
      const url = await transaction
        .updateTable('notification_settings')
        .set({ webhook_url_sealed: to })
        .where('webhook_url_sealed', '=', from)
        .executeTakeFirstOrThrow();
      return key.numUpdatedRows + url.numUpdatedRows > 0n;
    });
  }
}
