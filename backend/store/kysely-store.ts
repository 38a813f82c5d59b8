/** The store in SQL, the same for every database that Kysely speaks. */
import { sql, type Insertable, type Selectable } from 'kysely';
import type { PodFailure, PodName, PodReport } from '../../shared/contract/pods.ts';
import type { Finding, FindingReport, ResourceName } from '../../shared/contract/security.ts';
import { GroupCommit } from './group-commit.ts';
import { migrate } from './migrate.ts';
import type { Database, Schema } from './schema.ts';
import type { Store } from './store.ts';

/** Written out, because an index condition with parameters is not recognized as that of the partial index. */
const isActive = sql<boolean>`status in ('new', 'investigating')`;

/** Brings the database forward first. */
export async function openStore(database: Database): Promise<Store> {
  await migrate(database);
  return new KyselyStore(database);
}

class KyselyStore implements Store {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database) {
    this.#database = database;
    this.#commits = new GroupCommit(database);
  }

  async savePodFailure(report: PodReport): Promise<PodFailure> {
    const row = podFailureRow(report);
    const { namespace: _, pod_name: __, ...facts } = row;
    const saved = await this.#commits.write((transaction) =>
      transaction
        .insertInto('pod_failures')
        .values(row)
        .onConflict((conflict) => conflict.columns(['namespace', 'pod_name']).where(isActive).doUpdateSet(facts))
        .returning(['id', 'status', 'resolved_at', 'resolution_note'])
        .executeTakeFirstOrThrow(),
    );
    return podFailure({ ...row, ...saved });
  }

  async activePodFailures(): Promise<PodFailure[]> {
    const rows = await this.#database
      .selectFrom('pod_failures')
      .selectAll()
      .where(isActive)
      .orderBy('id', 'desc')
      .execute();
    return rows.map((row) => ({ ...podFailure(row), failure_logs: null }));
  }

  async resolvePodFailure({ namespace, pod_name }: PodName, note: string, at: string): Promise<void> {
    await this.#commits.write((transaction) =>
      transaction
        .updateTable('pod_failures')
        .set({ status: 'resolved', resolved_at: at, resolution_note: note })
        .where('namespace', '=', namespace)
        .where('pod_name', '=', pod_name)
        .where(isActive)
        .execute(),
    );
  }

  async saveFinding(report: FindingReport): Promise<Finding> {
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

  async activeFindings(): Promise<Finding[]> {
    const findings = this.#database.selectFrom('security_findings').selectAll();
    const rows = await findings.where('dismissed', '=', 0).orderBy('id', 'desc').execute();
    return rows.map((row) => ({ ...row, dismissed: false }));
  }

  async clearFindings(): Promise<void> {
    await this.#commits.write((transaction) =>
      transaction.deleteFrom('security_findings').where('dismissed', '=', 0).execute(),
    );
  }

  async deleteFindingsOf({ type, namespace, name }: ResourceName): Promise<number> {
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

  excludedPods() {
    return this.#database.selectFrom('excluded_pods').selectAll().orderBy('id').execute();
  }

  excludedNamespaces() {
    return this.#database.selectFrom('excluded_namespaces').selectAll().orderBy('id').execute();
  }

  excludedRules() {
    return this.#database.selectFrom('excluded_rules').selectAll().orderBy('id').execute();
  }

  trustedRegistries() {
    return this.#database.selectFrom('trusted_registries').selectAll().orderBy('id').execute();
  }

  async close(): Promise<void> {
    await this.#commits.idle();
    await this.#database.destroy();
  }
}

function podFailureRow(report: PodReport) {
  return {
    namespace: report.namespace,
    pod_name: report.pod_name,
    node_name: report.node_name ?? null,
    phase: report.phase,
    creation_timestamp: report.creation_timestamp,
    failure_reason: report.failure_reason,
    failure_message: report.failure_message ?? null,
    container_statuses: JSON.stringify(report.container_statuses ?? []),
    events: JSON.stringify(report.events ?? []),
    logs: report.logs ?? '',
    manifest: report.manifest ?? '',
    failure_logs: report.failure_logs ? JSON.stringify(report.failure_logs) : null,
  } satisfies Insertable<Schema['pod_failures']>;
}

function podFailure(row: Selectable<Schema['pod_failures']>): PodFailure {
  const { container_statuses, events, failure_logs, ...rest } = row;
  return {
    ...rest,
    timestamp: row.creation_timestamp,
    container_statuses: JSON.parse(container_statuses) as PodFailure['container_statuses'],
    events: JSON.parse(events) as PodFailure['events'],
    failure_logs: failure_logs === null ? null : (JSON.parse(failure_logs) as PodFailure['failure_logs']),
    logs_captured: failure_logs !== null,
    dismissed: row.status === 'ignored',
    solution: '',
    log_aware_solution: null,
    log_aware_solution_generated_at: null,
    auto_solution_mode: 'quick',
  };
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
