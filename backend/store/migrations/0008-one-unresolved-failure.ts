/** One unresolved row for each pod, active or ignored, so that a report finds it in one statement whatever people made of it. */
import { define, type Definitions } from '../dialect.ts';

const statements = [
  `create unique index pod_failures_unresolved on pod_failures (namespace, pod_name)
    where status in ('new', 'investigating', 'ignored')`,
  // On PostgreSQL the release before takes the new index for its own conditions, which imply it; on SQLite it cannot.
  `drop index pod_failures_active`,
  `drop index pod_failures_ignored`,
];

export const createOneUnresolvedFailure = (definitions: Definitions) => define(definitions, statements);
