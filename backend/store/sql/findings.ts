/** Findings of the security scanner, one row for each title and resource. */
import type { Insertable } from 'kysely';
import type { Finding, FindingReport, ResourceName } from '../../../shared/contract/security.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { FindingStore } from '../store.ts';

export class SqlFindings implements FindingStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async save(report: FindingReport): Promise<Finding> {
    const row = findingRow(report);
    const { resource_type: _, namespace: __, resource_name: ___, title: ____, ...facts } = row;
    const saved = await this.#commits.write((transaction) =>
      transaction
        .insertInto('security_findings')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['resource_type', 'namespace', 'resource_name', 'title']).doUpdateSet(facts),
        )
        .returning(['id', 'dismissed'])
        .executeTakeFirstOrThrow(),
    );
    return { ...row, id: saved.id, dismissed: saved.dismissed === 1 };
  }

  async active(): Promise<Finding[]> {
    const findings = this.#database.selectFrom('security_findings').selectAll();
    const rows = await findings.where('dismissed', '=', 0).orderBy('id', 'desc').execute();
    return rows.map((row) => ({ ...row, dismissed: false }));
  }

  async clear(): Promise<void> {
    await this.#commits.write((transaction) =>
      transaction.deleteFrom('security_findings').where('dismissed', '=', 0).execute(),
    );
  }

  async deleteOf({ type, namespace, name }: ResourceName): Promise<number> {
    const { numDeletedRows } = await this.#commits.write((transaction) =>
      transaction
        .deleteFrom('security_findings')
        .where('resource_type', '=', type)
        .where('namespace', '=', namespace)
        .where('resource_name', '=', name)
        .where('dismissed', '=', 0)
        .executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }
}

function findingRow(report: FindingReport) {
  return {
    resource_type: report.resource_type,
    resource_name: report.resource_name,
    namespace: report.namespace,
    severity: report.severity,
    category: report.category,
    title: report.title,
    description: report.description,
    remediation: report.remediation,
    timestamp: report.timestamp,
    manifest: report.manifest ?? '',
  } satisfies Insertable<Schema['security_findings']>;
}
