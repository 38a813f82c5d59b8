/** The one LLM that is configured; its API key is encrypted. */
import { sql, type Kysely } from 'kysely';

export async function createLlmConfig(database: Kysely<unknown>): Promise<void> {
  await sql`create table llm_config (
    id integer primary key check (id = 1),
    provider text not null,
    api_key_sealed text,
    model text,
    base_url text,
    created_at text not null,
    updated_at text not null
  ) strict`.execute(database);
}
