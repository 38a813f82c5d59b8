/** Whether a workload has still to be restarted for the target of a key. */
import { targetOf, type KeyName, type KeyRecord } from '../../shared/credential/keyring.ts';
import type { Workload } from '../model/snapshot.ts';

/**
 * One that reads the key of another release, too, is restarted by that one's operator as well, which overwrites the stamp. If that
 * was since the target was recorded its pods are young enough, and are proved like others without a stamp: whoever set the stamp
 * again would make the two restart it in turns, without an end.
 */
export function isBehind({ stamps, restartedAt = -Infinity }: Workload, key: KeyName, record: KeyRecord): boolean {
  const stamp = stamps[key];
  if (stamp === record.target) return false;
  const isForeign = stamp !== undefined && ![...record.accepted, ...record.retired].some(({ name }) => name === stamp);
  return !isForeign || restartedAt < Date.parse(targetOf(record).recordedAt);
}
