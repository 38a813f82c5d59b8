/**
 * Keeps the keyring small when a Secret is edited many times a second: an older value that no pod can have started with
 * is dropped. A pod that holds it against all expectation is refused, attested, and replaced.
 */
import type { Generation, KeyName, KeyRecord } from '../../shared/credential/keyring.ts';
import type { Pod, Snapshot } from '../model/snapshot.ts';
import { generationInUse } from './proof.ts';

/** Up to this many nothing is dropped: as few cost nobody anything. */
const alwaysKept = 16;

/** Milliseconds by which a kubelet's view, a watch or a clock may be behind (kubernetes/kubernetes#129645). */
const slackMs = 5_000;

/** The generations that must stay accepted, in their order. */
export function holdable(key: KeyName, record: KeyRecord, snapshot: Snapshot, now: number): readonly Generation[] {
  if (record.accepted.length <= alwaysKept) return record.accepted;
  const readers = snapshot.pods.filter(({ reads }) => reads.includes(key));
  const stamped = new Set([...snapshot.workloads, ...readers].map(({ stamps }) => stamps[key]));
  const presenters = readers.filter(({ role }) => role === 'presenter');
  return record.accepted.filter(
    (generation) =>
      generation.name === record.target ||
      generation.name === record.committed ||
      stamped.has(generation.name) ||
      now - replacedAt(generation, now) < slackMs ||
      presenters.some((pod) => mayHold(pod, generation, snapshot, now)),
  );
}

/** Any of its containers may have started at any time between the pod's creation and its youngest container's start. */
function mayHold(pod: Pod, generation: Generation, snapshot: Snapshot, now: number): boolean {
  const used = generationInUse(snapshot, pod);
  if (used !== undefined) return used === generation.name;
  const { createdAt, startedAt } = pod;
  if (startedAt === undefined) return false;
  return startedAt >= Date.parse(generation.recordedAt) - slackMs && createdAt <= replacedAt(generation, now) + slackMs;
}

const replacedAt = ({ replacedAt: at }: Generation, now: number): number => (at === undefined ? now : Date.parse(at));
