/** Failures of pods, one active row for each pod. */
import { sql, type Selectable } from 'kysely';
import type { FailureLogs, PodFailure, PodName, PodReport, PodStatus } from '../../../shared/contract/pods.ts';
import { ruleBasedSolution } from '../../domain/rule-based-solution.ts';
import { hasCapturedLogs } from '../../llm/captured-logs.ts';
import type { Dialect } from '../dialect.ts';
import type { GroupCommit } from '../group-commit.ts';
import type { Database, Schema } from '../schema.ts';
import type { Explanation, PodFailureStore, SavedFailure } from '../store.ts';
import { podFailureRow, podFailureUpsert } from './pod-failure-upsert.ts';

const isNewest = sql<boolean>`not exists (
  select 1 from pod_failures newer
  where newer.namespace = failure.namespace and newer.pod_name = failure.pod_name and newer.id > failure.id
)`;

const noTexts = { container_statuses: '[]', events: '[]', logs: '', manifest: '', failure_logs: null, explanation: null, log_explanation: null };
const shortColumns = [
  'id',
  'namespace',
  'pod_name',
  'node_name',
  'phase',
  'creation_timestamp',
  'failure_reason',
  'failure_message',
  'status',
  'resolved_at',
  'resolution_note',
  'ignored_at',
  'told_at',
] as const;

export class SqlPodFailures implements PodFailureStore {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #upsert: (typeof podFailureUpsert)[Dialect];

  constructor(database: Database, commits: GroupCommit, dialect: Dialect) {
    this.#database = database;
    this.#commits = commits;
    this.#upsert = podFailureUpsert[dialect];
  }

  async save(report: PodReport): Promise<SavedFailure> {
    const row = podFailureRow(report);
    const saved = await this.#commits.writeWithOthers(this.#upsert, row);
    return { failure: podFailure({ ...row, ...saved }), isTold: saved.told_at !== null };
  }

  async claimNotice(id: number, at: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#commits.write((transaction) =>
      transaction
        .updateTable('pod_failures')
        .set({ told_at: at })
        .where('id', '=', id)
        .where('told_at', 'is', null)
        .where('status', 'in', ['new', 'investigating'])
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async withStatus(...statuses: readonly PodStatus[]): Promise<PodFailure[]> {
    const rows = await this.#database
      .selectFrom('pod_failures as failure')
      .selectAll()
      .where('status', 'in', statuses)
      .where(isNewest)
      .orderBy('id', 'desc')
      .execute();
    return rows.map(listed);
  }

  async unresolved(): Promise<PodFailure[]> {
    const rows = await this.#database
      .selectFrom('pod_failures as failure')
      .select(shortColumns)
      .where('status', '!=', 'resolved')
      .where(isNewest)
      .orderBy('id', 'desc')
      .execute();
    return rows.map((row) => ({ ...listed({ ...row, ...noTexts }), solution: '' }));
  }

  async resolve({ namespace, pod_name }: PodName, note: string, at: string): Promise<SavedFailure[]> {
    const rows = await this.#commits.write((transaction) =>
      transaction
        .updateTable('pod_failures')
        .set({ status: 'resolved', resolved_at: at, resolution_note: note })
        .where('namespace', '=', namespace)
        .where('pod_name', '=', pod_name)
        .where('status', '!=', 'resolved')
        .returningAll()
        .execute(),
    );
    return rows.map((row) => ({ failure: listed(row), isTold: row.told_at !== null }));
  }

  async changeStatus(id: number, from: readonly PodStatus[], to: PodStatus, at: string, note?: string) {
    const row = await this.#commits.write((transaction) =>
      transaction
        .updateTable('pod_failures')
        .set({ status: to, ignored_at: to === 'ignored' ? at : null, ...(note !== undefined && { resolution_note: note }) })
        .where('id', '=', id)
        .where('status', 'in', from)
        .returningAll()
        .executeTakeFirst(),
    );
    return row && listed(row);
  }

  async find(id: number): Promise<PodFailure | undefined> {
    return (await this.findAll([id]))[0];
  }

  async newestOf({ namespace, pod_name }: PodName): Promise<PodFailure | undefined> {
    const rows = this.#database.selectFrom('pod_failures').selectAll().where('namespace', '=', namespace).where('pod_name', '=', pod_name);
    const row = await rows.orderBy('id', 'desc').limit(1).executeTakeFirst();
    return row && listed(row);
  }

  async findAll(ids: readonly number[]): Promise<PodFailure[]> {
    if (ids.length === 0) return [];
    const rows = await this.#database.selectFrom('pod_failures').selectAll().where('id', 'in', ids).execute();
    return rows.map(listed);
  }

  async capturedLogs(id: number): Promise<FailureLogs | null> {
    const row = await this.#database.selectFrom('pod_failures').select('failure_logs').where('id', '=', id).executeTakeFirst();
    return logsIn(row?.failure_logs ?? null);
  }

  async explain(id: number, what: 'explanation' | 'log_explanation', explanation: Explanation): Promise<PodFailure | undefined> {
    const row = await this.#commits.write((transaction) =>
      transaction
        .updateTable('pod_failures')
        .set({ [what]: JSON.stringify(explanation) })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    );
    return row && listed(row);
  }

  async remove(id: number): Promise<boolean> {
    const { numDeletedRows } = await this.#commits.write((transaction) =>
      transaction
        .deleteFrom('pod_failures')
        .where('id', '=', id)
        .where('status', 'in', ['resolved', 'ignored'])
        .executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }

  async removeOlder(status: 'resolved' | 'ignored', before: string): Promise<number> {
    const since = status === 'resolved' ? 'resolved_at' : 'ignored_at';
    const { numDeletedRows } = await this.#commits.write((transaction) =>
      transaction
        .deleteFrom('pod_failures')
        .where('status', '=', status)
        .where(since, '<', before)
        .executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }
}

/** Captured logs are large, and only the reporter gets them back. */
export function listed(row: Selectable<Schema['pod_failures']>): PodFailure {
  return { ...podFailure(row), failure_logs: null };
}

function podFailure(row: Selectable<Schema['pod_failures']>): PodFailure {
  const { container_statuses, events, failure_logs, explanation, log_explanation, ignored_at: _, told_at: _told, ...rest } = row;
  const statuses = JSON.parse(container_statuses) as PodFailure['container_statuses'];
  const captured = logsIn(failure_logs);
  const [quick, logAware] = [explanation, log_explanation].map((text) => currentExplanation(text, row.failure_reason));
  return {
    ...rest,
    timestamp: row.creation_timestamp,
    container_statuses: statuses,
    events: JSON.parse(events) as PodFailure['events'],
    failure_logs: captured,
    logs_captured: hasCapturedLogs(captured),
    dismissed: row.status === 'ignored' || row.status === 'resolved',
    solution: quick?.text ?? ruleBasedSolution({ ...rest, container_statuses: statuses }),
    solution_by: quick?.by ?? null,
    solution_generated_at: quick?.at ?? null,
    log_aware_solution: logAware?.text ?? null,
    log_aware_solution_by: logAware?.by ?? null,
    log_aware_solution_generated_at: logAware?.at ?? null,
    auto_solution_mode: 'quick',
  };
}

const logsIn = (text: string | null): FailureLogs | null => (text === null ? null : (JSON.parse(text) as FailureLogs));

function currentExplanation(text: string | null | undefined, reason: string): Explanation | undefined {
  const explanation = text ? (JSON.parse(text) as Explanation) : undefined;
  return explanation?.reason === reason ? explanation : undefined;
}
