/** Is this pod failing? A pure function: rules in order, the first that says something decides. */
import { containerStatuses, type ContainerStatus, type Pod } from './pod.ts';

export interface Failing {
  readonly kind: 'failing';
  readonly reason: string;
  readonly message: string;
  /** The one that fails, if it is one. */
  readonly container?: string;
}

export type Verdict =
  | Failing
  | { readonly kind: 'well' }
  /** Too early to tell, or on its way out: whatever was reported stays. */
  | { readonly kind: 'undecided' };

export interface Now {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long a pod may be merely Pending. */
  readonly pendingGraceMs: number;
}

type Rule = (pod: Pod, now: Now) => Verdict | undefined;

const waitingReasons = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerError',
  'CreateContainerConfigError',
  'RunContainerError',
]);
/** A container that came back is believed after this long: else each crash would be a recovery, too. */
const settledAfterMs = 60_000;

const rules: readonly Rule[] = [isLeaving, hasSucceeded, hasFailed, cannotStart, hasCrashed, isRestarting, pendsTooLong, isStarting];

export function judge(pod: Pod, now: Now): Verdict {
  for (const rule of rules) {
    const verdict = rule(pod, now);
    if (verdict) return verdict;
  }
  return { kind: 'well' };
}

/** Containers that are told to stop end with 137 or 143, which is no failure. */
function isLeaving(pod: Pod): Verdict | undefined {
  return pod.metadata.deletionTimestamp === undefined ? undefined : { kind: 'undecided' };
}

function hasSucceeded(pod: Pod): Verdict | undefined {
  return pod.status?.phase === 'Succeeded' ? { kind: 'well' } : undefined;
}

function hasFailed(pod: Pod): Verdict | undefined {
  if (pod.status?.phase !== 'Failed') return undefined;
  const { reason, message = '' } = pod.status;
  const crash = hasCrashed(pod);
  if (reason === undefined) return crash ?? { kind: 'failing', reason: 'Failed', message };
  return { kind: 'failing', reason, message, ...(crash && { container: crash.container }) };
}

function cannotStart(pod: Pod): Verdict | undefined {
  for (const { name, state } of containerStatuses(pod)) {
    const { reason, message } = state?.waiting ?? {};
    if (reason !== undefined && waitingReasons.has(reason)) {
      return { kind: 'failing', reason, message: message ?? '', container: name };
    }
  }
  return undefined;
}

function hasCrashed(pod: Pod): Required<Failing> | undefined {
  for (const { name, state } of containerStatuses(pod)) {
    if (!state?.terminated || state.terminated.exitCode === 0) continue;
    const { exitCode, reason, message } = state.terminated;
    return {
      kind: 'failing',
      reason: reason ?? 'Error',
      message: message ?? `container ${name} ended with exit code ${exitCode}`,
      container: name,
    };
  }
  return undefined;
}

/** Whatever code it ended with: what ends with 0 again and again is a crash loop, too. */
function isRestarting(pod: Pod, { now }: Now): Verdict | undefined {
  const again = startedAgain(pod);
  const unsettled = ({ name, state, lastState }: ContainerStatus) =>
    state?.terminated
      ? again.has(name)
      : lastState?.terminated !== undefined && now - Date.parse(state?.running?.startedAt ?? '') < settledAfterMs;
  return containerStatuses(pod).some(unsettled) ? { kind: 'undecided' } : undefined;
}

/** The names of the containers that are started again when they end with 0. */
function startedAgain({ spec, status }: Pod): ReadonlySet<string> {
  const beside = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const others = spec?.restartPolicy === 'Always' ? (status?.containerStatuses ?? []) : [];
  return new Set([...beside, ...others].map(({ name }) => name));
}

function pendsTooLong(pod: Pod, { now, pendingGraceMs }: Now): Verdict | undefined {
  if (pod.status?.phase !== 'Pending') return undefined;
  if (now - Date.parse(pod.metadata.creationTimestamp ?? '') < pendingGraceMs) return undefined;
  const scheduled = pod.status.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    return { kind: 'failing', reason: 'FailedScheduling', message: scheduled.message ?? '' };
  }
  return { kind: 'failing', reason: 'Pending', message: '' };
}

function isStarting(pod: Pod): Verdict | undefined {
  return pod.status?.phase === 'Running' ? undefined : { kind: 'undecided' };
}
