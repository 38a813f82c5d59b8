/** Deletes what has expired. */
import type { ExpiryStore, SweepTimes } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';

export class SqlExpiry implements ExpiryStore {
  readonly #commits: GroupCommit;

  constructor(commits: GroupCommit) {
    this.#commits = commits;
  }

  async sweep({ now, attemptsBefore, invitationsBefore }: SweepTimes): Promise<void> {
    await this.#commits.write(async (transaction) => {
      await transaction.deleteFrom('sessions').where('expires_at', '<=', now).execute();
      await transaction.deleteFrom('invitations').where('expires_at', '<=', invitationsBefore).execute();
      await transaction.deleteFrom('password_resets').where('expires_at', '<=', now).execute();
      await transaction.deleteFrom('login_attempts').where('at', '<=', attemptsBefore).execute();
    });
  }
}
