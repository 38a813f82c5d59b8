/**
 * A new pod may start with an older value of the Secret (kubernetes/kubernetes#129645). Such a pod carries the target's
 * stamp and uses an older generation all the same: it alone is replaced, after that was recorded, at most twice a workload.
 */
import type { Repair } from '../../shared/credential/keyring.ts';
import type { Evict } from '../model/action.ts';
import { workloadId, type Pod, type Snapshot } from '../model/snapshot.ts';
import { warning } from './notice.ts';

export const maxRepairs = 2;

export interface RepairPlan {
  /** To be recorded before anything is evicted. */
  readonly toRecord: readonly Repair[];
  readonly evictions: readonly Evict[];
  /** What only a person can mend, a sentence each. */
  readonly beyond: readonly string[];
}

/** `stale` are the pods that use an older generation; `recorded` are the repairs of this rotation so far. */
export function planRepairs(stale: readonly Pod[], recorded: readonly Repair[], { workloads }: Snapshot): RepairPlan {
  const owners = new Set(workloads.filter(({ restartable }) => restartable).map(workloadId));
  const known = new Set(recorded.map(({ uid }) => uid));
  const toRecord: Repair[] = [];
  const beyond: string[] = [];
  for (const { name, uid, owner } of stale.filter((pod) => !known.has(pod.uid))) {
    const isLeft = [...recorded, ...toRecord].filter((repair) => repair.owner === owner).length < maxRepairs;
    if (owner !== undefined && owners.has(owner) && isLeft) toRecord.push({ uid, owner });
    else beyond.push(`pod ${name} to be replaced by hand: it still uses an older generation`);
  }
  return { toRecord, evictions: stale.filter(({ uid }) => known.has(uid)).map(evict), beyond };
}

const evict = ({ name, uid }: Pod): Evict => ({
  kind: 'Evict',
  pod: { name, uid },
  notices: [warning('Repaired', `pod ${name} used an older generation and was evicted`)],
});
