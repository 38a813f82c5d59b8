/** The stores in SQL, the same for every database that Kysely speaks. */
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { SqlFindings } from './sql/findings.ts';
import { SqlLlmConfig } from './sql/llm-config.ts';
import { SqlPodFailures } from './sql/pod-failures.ts';
import { SqlSuppressions } from './sql/suppressions.ts';
import type { Stores } from './store.ts';

/** Brings the database forward first. */
export async function openStores(database: Database): Promise<Stores> {
  await migrate(database);
  const commits = new GroupCommit(database);
  return {
    podFailures: new SqlPodFailures(database, commits),
    findings: new SqlFindings(database, commits),
    suppressions: new SqlSuppressions(database),
    llmConfig: new SqlLlmConfig(database, commits),
    async close() {
      await commits.idle();
      await database.destroy();
    },
  };
}
