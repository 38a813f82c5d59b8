/** When a rotation last moved, from what the cluster shows: a deadline counts from there, not from the edit. */
import type { Phase } from '../../shared/contract/phases.ts';
import { targetOf } from '../../shared/credential/keyring.ts';
import type { Gap } from './gap.ts';
import type { Rotation } from './rotation.ts';

/** Whether nothing has moved for the rollout deadline. Silence is waited for on top of it. */
export function isStalled(step: Phase, gaps: readonly Gap[], rotation: Rotation): boolean {
  const { now, settings } = rotation;
  const isSilent = step === 'Proving' || step === 'Contested' || gaps.every(({ afterSilence }) => afterSilence);
  const silenceMs = isSilent ? settings.silenceMs : 0;
  return now - lastProgressAt(rotation) > settings.rolloutDeadlineMs + silenceMs;
}

/**
 * Milliseconds since the epoch. New pods and restarts are progress; a container that starts again and again is not. While it
 * was paused nothing could move.
 */
function lastProgressAt({ key, record, snapshot }: Rotation): number {
  const target = targetOf(record);
  const isNew = ({ stamps }: { readonly stamps: Rotation['snapshot']['pods'][number]['stamps'] }) => stamps[key] === target.name;
  return Math.max(
    Date.parse(target.recordedAt),
    snapshot.pausedUntil ?? -Infinity,
    ...snapshot.workloads.filter(isNew).flatMap(({ restartedAt }) => restartedAt ?? []),
    ...snapshot.pods.filter(isNew).map(({ createdAt }) => createdAt),
    ...record.accepted.map(({ recordedAt }) => Date.parse(recordedAt)),
    ...record.retired.map(({ retiredAt }) => Date.parse(retiredAt)),
  );
}
