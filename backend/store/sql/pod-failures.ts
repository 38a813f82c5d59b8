/** Failures of pods, one active row for each pod. */
import { sql, type Insertable, type Selectable } from 'kysely';
import type { PodFailure, PodName, PodReport } from '../../../shared/contract/pods.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { PodFailureStore } from '../store.ts';

/** Written out, because an index condition with parameters is not recognized as that of the partial index. */
const isActive = sql<boolean>`status in ('new', 'investigating')`;

export class SqlPodFailures implements PodFailureStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;

  constructor(database: Database, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  async save(report: PodReport): Promise<PodFailure> {
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

  async active(): Promise<PodFailure[]> {
    const rows = await this.#database
      .selectFrom('pod_failures')
      .selectAll()
      .where(isActive)
      .orderBy('id', 'desc')
      .execute();
    return rows.map((row) => ({ ...podFailure(row), failure_logs: null }));
  }

  async resolve({ namespace, pod_name }: PodName, note: string, at: string): Promise<void> {
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
