/** Pods whose node does not answer any more: they stay terminating for ever, and may still run. */
import { keyNames, type KeyRecord } from '../../shared/credential/keyring.ts';
import { workloadId, type Pod, type Snapshot, type Workload } from '../model/snapshot.ts';

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
  const lost = snapshot.pods.filter((pod) => isLost(pod, now));
  if (!isWanted || lost.length === 0) return snapshot;
  const workloads = snapshot.workloads.map((workload) => withoutPods(workload, lost.filter(({ owner }) => owner === workloadId(workload))));
  return { ...snapshot, workloads, pods: snapshot.pods.filter((pod) => !lost.includes(pod)) };
}

/**
 * A Deployment has already counted them out and made others. A DaemonSet goes on counting its oldest pod of each node, a
 * StatefulSet makes none in its place.
 */
function withoutPods(workload: Workload, lost: readonly Pod[]): Workload {
  const { kind, rollout, stamps } = workload;
  if (kind === 'Deployment' || lost.length === 0) return workload;
  const countedAsNew = kind === 'DaemonSet' ? lost.filter((pod) => keyNames.every((key) => pod.stamps[key] === stamps[key])) : [];
  const left = {
    desired: rollout.desired - lost.length,
    total: rollout.total - lost.length,
    updated: rollout.updated - countedAsNew.length,
  };
  return { ...workload, rollout: { ...rollout, ...left } };
}
