/** What a person is told of their own sessions. Both are null in rows of a release that did not record them. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `alter table sessions add column browser text`,
  `alter table sessions add column signed_under text`,
];

export const createOwnSessions = (definitions: Definitions) => define(definitions, statements);
