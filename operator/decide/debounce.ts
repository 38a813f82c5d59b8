/** Waits for a person to finish: restarts begin a little after the last edit, and not too long after the first. */
import { isRotating, keyNames, type Generation } from '../../shared/credential/keyring.ts';
import type { Settings } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';

/**
 * Milliseconds until restarts may begin, 0 if they may now. Edits of both keys count together, so that two keys edited
 * one after the other cost one restart. An edit that some workload already carries is no longer waited for, nor one that
 * was recorded by a clock that was ahead of ours: how long ago that was nobody knows.
 */
export function debounceLeftMs(snapshot: Snapshot, now: number, settings: Settings): number {
  const edits = keyNames.flatMap((key) => unstampedEdits(snapshot, key)).map(({ recordedAt }) => Date.parse(recordedAt)).filter((at) => at <= now);
  if (edits.length === 0) return 0;
  const afterLast = Math.max(...edits) + settings.debounceMs;
  const afterFirst = Math.min(...edits) + settings.debounceMaxMs;
  return Math.max(0, Math.min(afterLast, afterFirst) - now);
}

/** The generations of a running rotation that are newer than every stamp. */
function unstampedEdits(snapshot: Snapshot, key: (typeof keyNames)[number]): Generation[] {
  const record = snapshot.keyring?.keyring.keys[key];
  if (!record || !isRotating(record)) return [];
  const stamped = new Set(snapshot.workloads.map(({ stamps }) => stamps[key]));
  const newestSettled = record.accepted.findLastIndex(({ name }) => name === record.committed || stamped.has(name));
  return record.accepted.slice(newestSettled + 1);
}
