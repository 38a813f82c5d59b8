/** Failing pods: what agents report, and what people make of it. */
import { Type } from 'typebox';
import type { Clock } from '../../shared/clock.ts';
import { PodFailure, PodName, PodReport, StatusChange } from '../../shared/contract/pods.ts';
import { Done } from '../../shared/contract/security.ts';
import type { Exclusions } from '../domain/exclusions.ts';
import type { LiveFeed } from '../domain/live-feed.ts';
import type { Notifier } from '../domain/notifier.ts';
import { instant } from '../domain/instant.ts';
import type { Metrics } from '../metrics.ts';
import type { PodFailureStore } from '../store/store.ts';
import { HttpProblem } from './problems.ts';
import { RowId } from './row-id.ts';
import type { Scope } from './scope.ts';

export interface PodRoutesDeps {
  readonly podFailures: PodFailureStore;
  readonly exclusions: Exclusions;
  readonly feed: LiveFeed;
  readonly notifier: Notifier;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const failures = { schema: { response: { 200: Type.Array(PodFailure) } } };
const one = { schema: { params: RowId, response: { 200: Done } } };

export function podRoutes(scope: Scope, { podFailures, exclusions, feed, notifier, metrics, clock }: PodRoutesDeps): void {
  const now = () => instant(clock.now());

  scope.post('/api/pods/failed', { schema: { body: PodReport, response: { 200: PodFailure } } }, async ({ body }) => {
    if (await exclusions.coversPod(body.pod_name)) return notStored(body, now());
    const { failure, isTold } = await podFailures.save(body);
    metrics.podFailures.inc({ namespace: body.namespace, reason: body.failure_reason });
    if (!failure.dismissed) feed.tell('pod_failure', failure);
    if (!failure.dismissed && !isTold) notifier.failed(failure);
    return failure;
  });

  scope.post('/api/pods/dismiss-deleted', { schema: { body: PodName, response: { 200: Done } } }, async ({ body }) => {
    const resolved = await podFailures.resolve(body, 'The pod recovered or was deleted', now());
    for (const { failure, isTold } of resolved) {
      feed.tell('pod_status_change', failure);
      if (isTold) notifier.recovered(failure);
    }
    if (resolved.length === 0) feed.tell('pod_deleted', { namespace: body.namespace, pod_name: body.pod_name });
    return { message: 'Pod auto-resolved' };
  });

  // Agents are told of ignored ones, too: what they do not know of they could not resolve.
  scope.get('/api/pods/failed', failures, ({ session }) =>
    session ? podFailures.withStatus('new', 'investigating') : podFailures.unresolved(),
  );
  scope.get('/api/pods/ignored', failures, () => podFailures.withStatus('ignored'));
  scope.get('/api/pods/history', failures, () => podFailures.withStatus('resolved'));

  // Upstream answers 200 for ids that it does not know, too: somebody else was faster.
  scope.delete('/api/pods/failed/:id', one, async ({ params }) => {
    const failure = await podFailures.changeStatus(Number(params.id), ['new', 'investigating'], 'ignored', now());
    if (failure) feed.tell('pod_status_change', failure);
    return { message: 'Pod failure ignored until the pod recovers' };
  });

  scope.put('/api/pods/ignored/:id/restore', one, async ({ params }) => {
    const failure = await podFailures.changeStatus(Number(params.id), ['ignored'], 'new', now());
    if (failure) feed.tell('pod_status_change', failure);
    return { message: 'Pod failure restored' };
  });

  const statusChange = { schema: { params: RowId, body: StatusChange, response: { 200: PodFailure } } };
  scope.patch('/api/pods/failed/:id/status', statusChange, async ({ params, body: { status, resolution_note } }) => {
    const id = Number(params.id);
    const failure = await podFailures.changeStatus(id, comingFrom[status], status, now(), resolution_note ?? undefined);
    if (failure) {
      feed.tell('pod_status_change', failure);
      return failure;
    }
    const present = await podFailures.find(id);
    if (!present) throw new HttpProblem(404, 'Pod failure not found');
    throw new HttpProblem(400, `A failure that is ${present.status} cannot become ${status}`);
  });

  scope.delete('/api/pods/records/:id', one, async ({ params }) => {
    const id = Number(params.id);
    if (await podFailures.remove(id)) {
      feed.tell('pod_record_deleted', { id });
      return { message: 'Record deleted' };
    }
    if (!(await podFailures.find(id))) throw new HttpProblem(404, 'Pod failure not found');
    throw new HttpProblem(400, 'Only resolved and ignored failures can be deleted');
  });
}

/** The answer to a report of an excluded pod: 200, because agents repeat what is refused. */
function notStored(report: PodReport, at: string): PodFailure {
  return {
    ...report,
    id: 0,
    node_name: report.node_name ?? null,
    failure_message: report.failure_message ?? null,
    container_statuses: report.container_statuses ?? [],
    events: report.events ?? [],
    logs: report.logs ?? '',
    manifest: report.manifest ?? '',
    timestamp: report.creation_timestamp,
    solution: '',
    dismissed: true,
    status: 'resolved',
    resolved_at: at,
    resolution_note: 'The pod is excluded; nothing was stored',
    logs_captured: false,
    failure_logs: null,
    solution_by: null,
    solution_generated_at: null,
    log_aware_solution: null,
    log_aware_solution_by: null,
    log_aware_solution_generated_at: null,
    auto_solution_mode: 'quick',
  };
}

/** From which statuses people may go where; only the agent resolves. */
const comingFrom = {
  investigating: ['new'],
  ignored: ['new', 'investigating'],
  new: ['ignored'],
} as const;
