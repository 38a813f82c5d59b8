/** Findings of the security scanner, one row for each title and resource. */
import type { Selectable, Transaction } from 'kysely';
import type { Finding, FindingReport, ResourceName } from '../../../shared/contract/security.ts';
import type { Dialect } from '../dialect.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { FindingStore, GoneFinding } from '../store.ts';
import { findingRow, findingUpsert } from './finding-upsert.ts';

/** What is known of a finding without its manifest. */
export const factColumns = [
  'id',
  'resource_type',
  'resource_name',
  'namespace',
  'severity',
  'category',
  'title',
  'description',
  'remediation',
  'timestamp',
] as const satisfies readonly (keyof GoneFinding)[];

export class SqlFindings implements FindingStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #upsert: (typeof findingUpsert)[Dialect];

  constructor(database: Database, commits: GroupCommit, dialect: Dialect) {
    this.#database = database;
    this.#commits = commits;
    this.#upsert = findingUpsert[dialect];
  }

  async save(report: FindingReport): Promise<Finding> {
    const row = findingRow(report);
    const { id, dismissed } = await this.#commits.writeWithOthers(this.#upsert, row);
    return finding({ ...row, id, dismissed });
  }

  async list(dismissed: boolean): Promise<Finding[]> {
    const rows = await this.#newestFirst().where('dismissed', '=', dismissed ? 1 : 0).execute();
    return rows.map(finding);
  }

  async seen(): Promise<Finding[]> {
    const rows = await this.#database
      .selectFrom('security_findings')
      .select([...factColumns, 'dismissed', 'unseen_since'])
      .where('unseen_since', 'is', null)
      .orderBy('id', 'desc')
      .execute();
    return rows.map((row) => finding({ ...row, manifest: '' }));
  }

  async find(id: number): Promise<Finding | undefined> {
    return (await this.findAll([id]))[0];
  }

  async findAll(ids: readonly number[]): Promise<Finding[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.selectFrom('security_findings').selectAll().where('id', 'in', ids).execute();
    return rows.map(finding);
  }

  async dismiss(id: number, dismissed: boolean): Promise<boolean> {
    const { numUpdatedRows } = await this.#commits.write((transaction) =>
      transaction
        .updateTable('security_findings')
        .set({ dismissed: dismissed ? 1 : 0, unseen_since: null })
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async namespaces(): Promise<string[]> {
    const failures = this.#database.selectFrom('pod_failures').select('namespace').where('status', 'in', ['new', 'investigating']);
    const rows = await this.#open().select('namespace').union(failures).execute();
    return rows.map(({ namespace }) => namespace).sort();
  }

  async titles(namespace: string | undefined): Promise<string[]> {
    const findings = this.#open().select('title').distinct();
    const rows = await (namespace === undefined ? findings : findings.where('namespace', '=', namespace)).execute();
    return rows.map(({ title }) => title);
  }

  async clear(at: string): Promise<void> {
    await this.#commits.write(async (transaction) => {
      await becomeUnseen(transaction, at).execute();
      await transaction.deleteFrom('security_findings').where('dismissed', '=', 0).execute();
    });
  }

  deleteOf({ type, namespace, name }: ResourceName, at: string) {
    return this.#commits.write(async (transaction) => {
      await becomeUnseen(transaction, at)
        .where('resource_type', '=', type)
        .where('namespace', '=', namespace)
        .where('resource_name', '=', name)
        .execute();
      return transaction
        .deleteFrom('security_findings')
        .where('resource_type', '=', type)
        .where('namespace', '=', namespace)
        .where('resource_name', '=', name)
        .where('dismissed', '=', 0)
        .returning(['id', 'resource_name', 'namespace', 'title'])
        .execute();
    });
  }

  async removeUnseen(before: string): Promise<void> {
    await this.#commits.write((transaction) =>
      transaction.deleteFrom('security_findings').where('dismissed', '=', 1).where('unseen_since', '<', before).execute(),
    );
  }

  #open() {
    return this.#database.selectFrom('security_findings').where('dismissed', '=', 0);
  }

  #newestFirst() {
    return this.#database.selectFrom('security_findings').selectAll().orderBy('id', 'desc');
  }
}

const becomeUnseen = (transaction: Transaction<Schema>, at: string) =>
  transaction.updateTable('security_findings').set({ unseen_since: at }).where('dismissed', '=', 1).where('unseen_since', 'is', null);

function finding(row: Selectable<Schema['security_findings']>): Finding {
  const { unseen_since: _, dismissed, ...facts } = row;
  return { ...facts, dismissed: dismissed === 1 };
}
