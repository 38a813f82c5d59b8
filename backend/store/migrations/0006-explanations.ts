/** What language models have said about a failure, without its logs and with them. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `alter table pod_failures add column explanation text`,
  `alter table pod_failures add column log_explanation text`,
];

export const createExplanations = (definitions: Definitions) => define(definitions, statements);
