/**
 * A new pod may start with an older value of the Secret (kubernetes/kubernetes#129645). Such a pod carries the target's
 * stamp and uses an older generation all the same: it alone is replaced, after that was recorded, at most twice a workload.
 */
import type { Repair } from '../../shared/credential/keyring.ts';
import type { Evict } from '../model/action.ts';
import { workloadId, type Pod, type Snapshot } from '../model/snapshot.ts';

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
  const repairsOf = (owner: string) => recorded.filter((repair) => repair.owner === owner).length;
  const fresh = stale.filter(({ uid }) => !known.has(uid));
  const isRepairable = ({ owner }: Pod) => owner !== undefined && owners.has(owner) && repairsOf(owner) < maxRepairs;
  return {
    toRecord: fresh.filter(isRepairable).map(({ uid, owner }) => ({ uid, owner: owner ?? '' })),
    evictions: stale.filter(({ uid }) => known.has(uid)).map(evict),
    beyond: fresh
      .filter((pod) => !isRepairable(pod))
      .map(({ name }) => `pod ${name} to be replaced by hand: it still uses an older generation`),
  };
}

const evict = ({ name, uid }: Pod): Evict => ({
  kind: 'Evict',
  pod: { name, uid },
  notices: [{ type: 'Warning', reason: 'Repaired', message: `pod ${name} used an older generation and was evicted` }],
});
