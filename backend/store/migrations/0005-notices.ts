/** Which failures channels were told about, so that each is told once. What was there before is not told late. */
import { define, type Definitions } from '../dialect.ts';

const statements = [`alter table pod_failures add column told_at text`, `update pod_failures set told_at = creation_timestamp`];

export const createNotices = (definitions: Definitions) => define(definitions, statements);
