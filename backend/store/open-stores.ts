/** The stores in SQL, the same for every database that Kysely speaks. */
import type { Dialect } from './dialect.ts';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Database } from './schema.ts';
import { SqlAppSettings } from './sql/app-settings.ts';
import { SqlExpiry } from './sql/expiry.ts';
import { SqlFindings } from './sql/findings.ts';
import { SqlInvitations } from './sql/invitations.ts';
import { SqlLlmConfig } from './sql/llm-config.ts';
import { SqlLoginAttempts } from './sql/login-attempts.ts';
import { SqlNotificationSettings } from './sql/notification-settings.ts';
import { SqlPasswordResets } from './sql/password-resets.ts';
import { SqlPodFailures } from './sql/pod-failures.ts';
import { SqlSealed } from './sql/sealed.ts';
import { SqlSessions } from './sql/sessions.ts';
import { SqlSuppressions } from './sql/suppressions.ts';
import { SqlUsers } from './sql/users.ts';
import type { Stores } from './store.ts';

/** Brings the database forward first. */
export async function openStores(database: Database, dialect: Dialect): Promise<Stores> {
  await migrate(database, dialect);
  return storesOver(database, dialect);
}

/** Over a database that was brought forward. */
export function storesOver(database: Database, dialect: Dialect): Stores {
  const commits = new GroupCommit(database);
  return {
    podFailures: new SqlPodFailures(database, commits, dialect),
    findings: new SqlFindings(database, commits, dialect),
    suppressions: new SqlSuppressions(database, commits),
    llmConfig: new SqlLlmConfig(database, commits),
    sealed: new SqlSealed(database, commits),
    notificationSettings: new SqlNotificationSettings(database, commits),
    appSettings: new SqlAppSettings(database, commits),
    users: new SqlUsers(database, commits),
    invitations: new SqlInvitations(database, commits),
    passwordResets: new SqlPasswordResets(database, commits),
    sessions: new SqlSessions(database, commits),
    loginAttempts: new SqlLoginAttempts(commits),
    expiry: new SqlExpiry(commits),
    async close() {
      await commits.idle();
      await database.destroy();
    },
  };
}
