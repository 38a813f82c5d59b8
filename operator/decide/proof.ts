/** What the verifiers' attestations prove. A verifier that does not answer proves nothing: unknown is not current. */
import type { Attestation } from '../../shared/contract/attestation.ts';
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import type { Pod, Snapshot } from '../model/snapshot.ts';

/** What keeps us from saying that every ready verifier accepts `generation`. No verifier at all is a gap, too. */
export function acceptanceGaps(snapshot: Snapshot, generation: string): string[] {
  return attestationGaps(snapshot, ({ accepted }) =>
    accepted.includes(generation) ? undefined : `to accept generation ${generation}`,
  );
}

/**
 * What keeps us from saying that every ready verifier accepts `generation` and no other one. Values without a name are
 * sightings of later edits: the rotation that records a later one ends them.
 */
export function exactAcceptanceGaps(snapshot: Snapshot, generation: string): string[] {
  return attestationGaps(snapshot, ({ accepted }) =>
    accepted.length === 1 && accepted[0] === generation ? undefined : `to accept no generation but ${generation}`,
  );
}

/**
 * What keeps us from saying that no pod holds an older value: each presenter pod must have used the target since it
 * started (one that has not started holds nothing yet). A pod that no verifier has seen (it talks through a proxy, or has not talked yet) is proved by silence:
 * no older generation was used for `silenceMs`, counted at the earliest from the youngest verifier's start.
 */
export function proofGaps(snapshot: Snapshot, record: KeyRecord, now: number, silenceMs: number): string[] {
  const attestations = attestationsOf(snapshot);
  const started = presenters(snapshot).filter(({ startedAt }) => startedAt !== undefined);
  const unmatched = started.filter((pod) => !attestations.some((it) => hasUsed(it, pod, record.target)));
  if (unmatched.length === 0) return [];
  const silentForMs = now - Math.max(...attestations.map((it) => lastOlderUse(it, record)));
  if (attestations.length > 0 && silentForMs >= silenceMs) return [];
  return unmatched.map(({ name }) => `pod ${name} to use generation ${record.target}`);
}

function attestationGaps(snapshot: Snapshot, lack: (attestation: Attestation) => string | undefined): string[] {
  const ready = verifiers(snapshot).filter((pod) => pod.ready && !pod.terminating);
  if (ready.length === 0) return ['a ready verifier: there is none'];
  return ready.flatMap(({ name, uid }) => {
    const answer = snapshot.answers.get(uid);
    if (!answer) return [`verifier pod ${name} to be asked`];
    if ('failure' in answer) return [`verifier pod ${name} to answer (${answer.failure})`];
    const missing = lack(answer.attestation);
    return missing === undefined ? [] : [`verifier pod ${name} ${missing}`];
  });
}

function attestationsOf(snapshot: Snapshot): Attestation[] {
  return [...snapshot.answers.values()].flatMap((answer) => ('attestation' in answer ? answer.attestation : []));
}

function hasUsed(attestation: Attestation, pod: Pod, generation: string): boolean {
  const { ip, startedAt } = pod;
  if (ip === undefined || startedAt === undefined) return false;
  const sources = attestation.uses.find((use) => use.generation === generation)?.sources ?? [];
  return sources.some(({ address, lastUsedAt }) => address === ip && Date.parse(lastUsedAt) >= startedAt);
}

/** Milliseconds since the epoch; a verifier that has just started has seen nothing, so its start counts as a use. */
function lastOlderUse({ startedAt, uses }: Attestation, record: KeyRecord): number {
  const older = uses.filter(({ generation }) => generation !== record.target).map(({ lastUsedAt }) => lastUsedAt);
  return Math.max(...[startedAt, ...older].map((instant) => Date.parse(instant)));
}

const readsToken = ({ reads }: Pod) => reads.includes('service-token');
const verifiers = ({ pods }: Snapshot) => pods.filter((pod) => pod.role === 'verifier' && readsToken(pod));
const presenters = ({ pods }: Snapshot) => pods.filter((pod) => pod.role === 'presenter' && readsToken(pod));
