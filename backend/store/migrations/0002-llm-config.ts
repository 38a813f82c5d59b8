/** The one LLM that is configured; its API key is encrypted. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `create table llm_config (
    id integer primary key check (id = 1),
    provider text not null,
    api_key_sealed text,
    model text,
    base_url text,
    created_at text not null,
    updated_at text not null
  ) strict`,
];

export const createLlmConfig = (definitions: Definitions) => define(definitions, statements);
