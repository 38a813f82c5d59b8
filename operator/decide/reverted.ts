/** Whether something else takes a stamp away whenever it has been set, as a GitOps tool does that puts the whole template back. */
import type { KeyName, KeyRecord } from '../../shared/credential/keyring.ts';
import type { Snapshot, Workload } from '../model/snapshot.ts';

/** A person may undo a restart, once or twice; each time the stamp is set the workload restarts, and again when it goes. */
export const maxStamps = 3;

/** One that somebody has restarted since is stamped once more. */
export function isReverted({ uid, restartedAt = -Infinity }: Workload, key: KeyName, { target }: KeyRecord, { stamped = [] }: Snapshot): boolean {
  return stamped.filter((it) => it.uid === uid && it.stamps[key] === target && it.at > restartedAt).length >= maxStamps;
}
