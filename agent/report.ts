/** The body of `POST /api/pods/failed`. */
import type { ContainerStatus as ReportedContainer, PodEvent, PodReport } from '../shared/contract/pods.ts';
import { podManifest } from '../shared/delivery/pod-manifest.ts';
import type { Evidence } from './evidence.ts';
import { containerStatuses, type ContainerStatus, type Pod } from './pod.ts';
import type { Failing } from './verdict.ts';

/** Events that name the cause of a pod that is merely Pending. */
const pendingCauses = new Set(['FailedMount', 'FailedAttachVolume', 'FailedScheduling', 'FailedCreatePodSandBox', 'Failed']);

export function buildReport(pod: Pod, verdict: Failing, evidence: Pick<Evidence, 'events' | 'logs'>): PodReport {
  const { metadata, spec, status } = pod;
  const cause = verdict.reason === 'Pending' ? pendingCause(evidence.events) : undefined;
  return {
    pod_name: metadata.name,
    namespace: metadata.namespace ?? '',
    node_name: spec?.nodeName ?? null,
    phase: status?.phase ?? 'Unknown',
    creation_timestamp: metadata.creationTimestamp ?? '',
    failure_reason: cause?.reason ?? verdict.reason,
    failure_message: cause?.message ?? verdict.message,
    container_statuses: containerStatuses(pod).map(reportContainer),
    events: [...evidence.events],
    logs: evidence.logs,
    manifest: podManifest(pod),
  };
}

/** While a pod is Pending, its cause may show late and change, and no field of the pod says so. */
const pendingAgainMs = 600_000;

/** What makes a report worth sending again. Messages count seconds, and a failed pull alternates between two reasons. */
export function fingerprint(pod: Pod, { reason }: Failing, now: number): string {
  const stableReason = reason === 'ErrImagePull' ? 'ImagePullBackOff' : reason;
  const restarts = containerStatuses(pod).map(({ name, restartCount, image }) => [name, restartCount, image]);
  const ageMs = pod.status?.phase === 'Pending' ? now - Date.parse(pod.metadata.creationTimestamp ?? '') : 0;
  return JSON.stringify([pod.metadata.uid, pod.status?.phase, stableReason, restarts, Math.floor(ageMs / pendingAgainMs)]);
}

function pendingCause(events: readonly PodEvent[]): PodEvent | undefined {
  return events.findLast(({ type, reason }) => type === 'Warning' && pendingCauses.has(reason ?? ''));
}

function reportContainer({ name, ready, restartCount, image, state }: ContainerStatus): ReportedContainer {
  const common = { name, ready, restart_count: restartCount, image };
  if (state?.terminated) {
    const { exitCode, reason = null, message = null } = state.terminated;
    return { ...common, state: 'terminated', exit_code: exitCode, reason, message };
  }
  if (state?.running) return { ...common, state: 'running' };
  return { ...common, state: 'waiting', reason: state?.waiting?.reason ?? null, message: state?.waiting?.message ?? null };
}
