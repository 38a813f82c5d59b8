/** Pods whose node does not answer any more: they stay terminating for ever, and may still run. */
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import type { Pod, Snapshot } from '../model/snapshot.ts';

/** Milliseconds past the end of its deletion grace after which nobody expects the kubelet to report a pod's end. */
const patienceMs = 30_000;

export function isLost({ graceEndsAt }: Pod, now: number): boolean {
  return graceEndsAt !== undefined && now - graceEndsAt > patienceMs;
}

/** Without the lost pods, once a person has said that the older generation ends without them, or it has ended. */
export function withoutLost(snapshot: Snapshot, record: KeyRecord, now: number): Snapshot {
  const older = record.accepted.filter(({ name }) => name !== record.target);
  const named = snapshot.sources.bootstrap?.requests.retire;
  const isWanted = older.length === 0 || older.some(({ name }) => name === named);
  return isWanted ? { ...snapshot, pods: snapshot.pods.filter((pod) => !isLost(pod, now)) } : snapshot;
}
