/** The one LLM that is configured, its API key encrypted. */
import type { Selectable } from 'kysely';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { LlmConfig, LlmConfigStore } from '../store.ts';

const id = 1;

export class SqlLlmConfig implements LlmConfigStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async read(): Promise<LlmConfig | undefined> {
    const row = await this.#database.selectFrom('llm_config').selectAll().executeTakeFirst();
    return row && llmConfig(row);
  }

  async save(config: Omit<LlmConfig, 'createdAt' | 'updatedAt'>, at: string): Promise<LlmConfig> {
    const facts = {
      provider: config.provider,
      api_key_sealed: config.sealedKey,
      model: config.model,
      base_url: config.baseUrl,
      updated_at: at,
    };
    const row = await this.#commits.write((transaction) =>
      transaction
        .insertInto('llm_config')
        .values({ id, created_at: at, ...facts })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(facts))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
    return llmConfig(row);
  }

  async remove(): Promise<void> {
    await this.#commits.write((transaction) => transaction.deleteFrom('llm_config').execute());
  }
}

function llmConfig(row: Selectable<Schema['llm_config']>): LlmConfig {
  const { provider, api_key_sealed, model, base_url, created_at, updated_at } = row;
  return { provider, sealedKey: api_key_sealed, model, baseUrl: base_url, createdAt: created_at, updatedAt: updated_at };
}
