/** Where notifications go, one row for each provider; the address is encrypted, because whoever knows it can post there. */
import type { Selectable } from 'kysely';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { NotificationSetting, NotificationSettingsStore } from '../store.ts';

export class SqlNotificationSettings implements NotificationSettingsStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async list(): Promise<NotificationSetting[]> {
    const rows = await this.#database.selectFrom('notification_settings').selectAll().orderBy('id').execute();
    return rows.map(setting);
  }

  async find(provider: string): Promise<NotificationSetting | undefined> {
    const all = this.#database.selectFrom('notification_settings').selectAll();
    const row = await all.where('provider', '=', provider).executeTakeFirst();
    return row && setting(row);
  }

  async save(provider: string, enabled: boolean, sealedUrl: string, at: string): Promise<NotificationSetting> {
    const facts = { enabled: enabled ? 1 : 0, webhook_url_sealed: sealedUrl, updated_at: at };
    const row = await this.#commits.write((transaction) =>
      transaction
        .insertInto('notification_settings')
        .values({ provider, created_at: at, ...facts })
        .onConflict((conflict) => conflict.column('provider').doUpdateSet(facts))
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
    return setting(row);
  }

  async remove(provider: string): Promise<boolean> {
    const { numDeletedRows } = await this.#commits.write((transaction) =>
      transaction.deleteFrom('notification_settings').where('provider', '=', provider).executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }
}

function setting(row: Selectable<Schema['notification_settings']>): NotificationSetting {
  const { id, provider, enabled, webhook_url_sealed, created_at, updated_at } = row;
  return { id, provider, enabled: enabled === 1, sealedUrl: webhook_url_sealed, createdAt: created_at, updatedAt: updated_at };
}
