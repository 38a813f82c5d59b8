/** Since when the scanner has not found again what somebody has dismissed; null where it has. */
import { define, type Definitions } from '../dialect.ts';

const statements = [`alter table security_findings add column unseen_since text`];

export const createUnseenFindings = (definitions: Definitions) => define(definitions, statements);
