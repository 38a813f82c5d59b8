/** Login attempts of the last moments, counted where all replicas see them. */
import type { AttemptCounts, LoginAttempt, LoginAttemptStore } from '../account-store.ts';
import type { GroupCommit } from '../group-commit.ts';

export class SqlLoginAttempts implements LoginAttemptStore {
  readonly #commits: GroupCommit;

  constructor(commits: GroupCommit) {
    this.#commits = commits;
  }

  begin(attempt: LoginAttempt, since: string, isAllowed: (counts: AttemptCounts) => boolean): Promise<AttemptCounts> {
    return this.#commits.write(async (transaction) => {
      const recent = transaction.selectFrom('login_attempts').where('at', '>', since).orderBy('at');
      const ofAddress = await recent.select(['account', 'at']).where('address', '=', attempt.address).execute();
      const { count } = await transaction
        .selectFrom('login_attempts')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('account', '=', attempt.account)
        .where('at', '>', since)
        .executeTakeFirstOrThrow();
      const counts = {
        ofBoth: ofAddress.filter(({ account }) => account === attempt.account).map(({ at }) => at),
        ofAddress: ofAddress.map(({ at }) => at),
        ofAccount: count,
      };
      if (isAllowed(counts)) await transaction.insertInto('login_attempts').values(attempt).execute();
      return counts;
    });
  }

  async forgive({ address, account }: Pick<LoginAttempt, 'address' | 'account'>): Promise<void> {
    await this.#commits.write((transaction) =>
      transaction.deleteFrom('login_attempts').where('address', '=', address).where('account', '=', account).execute(),
    );
  }
}
