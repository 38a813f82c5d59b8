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
 * started (one that has not started holds nothing yet). A pod that no verifier has seen (it talks through a proxy, or has
 * not talked yet) is proved by silence: no older generation was used for `silenceMs`, counted at the earliest from its
 * own start and from the youngest verifier's.
 */
export function proofGaps(snapshot: Snapshot, record: KeyRecord, now: number, silenceMs: number): string[] {
  const attestations = attestationsOf(snapshot);
  const silentSince = Math.max(...attestations.map((it) => lastOlderUse(it, record)));
  const isProved = (pod: Pod) =>
    pod.startedAt === undefined ||
    (hasOwnAddress(snapshot, pod) && attestations.some((it) => hasUsed(it, pod, record.target))) ||
    (attestations.length > 0 && now - Math.max(silentSince, pod.startedAt) >= silenceMs);
  const unproved = presenters(snapshot).filter((pod) => !isProved(pod));
  return unproved.map(({ name }) => `pod ${name} to use generation ${record.target}`);
}

/**
 * Pods that carry the target's stamp and since they started, and since they last used the target, have used another
 * value or were refused with one.
 */
export function stalePods(snapshot: Snapshot, record: KeyRecord): Pod[] {
  const attestations = attestationsOf(snapshot);
  const stamped = presenters(snapshot).filter(({ stamps }) => stamps['service-token'] === record.target);
  return stamped.filter((pod) => {
    const { ip, startedAt, terminating } = pod;
    if (terminating || startedAt === undefined || !hasOwnAddress(snapshot, pod)) return false;
    const last = attestations.flatMap((attestation) => instantsOf(attestation, ip, record.target));
    const usedTargetAt = Math.max(startedAt, ...last.filter(({ isTarget }) => isTarget).map(({ at }) => at));
    return last.some(({ isTarget, at }) => !isTarget && at > usedTargetAt);
  });
}

/** When this address last used the target, another value, or was refused; milliseconds since the epoch. */
function instantsOf({ uses, refused }: Attestation, ip: string | undefined, target: string) {
  const used = uses.flatMap(({ generation, sources }) =>
    sources
      .filter(({ address }) => address === ip)
      .map(({ lastUsedAt }) => ({ isTarget: generation === target, at: Date.parse(lastUsedAt) })),
  );
  const refusals = refused
    .filter(({ reason, address }) => reason !== 'missing' && address === ip)
    .map(({ lastRefusedAt }) => ({ isTarget: false, at: Date.parse(lastRefusedAt) }));
  return [...used, ...refusals];
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

function hasUsed(attestation: Attestation, { ip, startedAt = Infinity }: Pod, generation: string): boolean {
  return instantsOf(attestation, ip, generation).some(({ isTarget, at }) => isTarget && at >= startedAt);
}

/** Milliseconds since the epoch; a verifier that has just started has seen nothing, so its start counts as a use. */
function lastOlderUse({ startedAt, uses }: Attestation, record: KeyRecord): number {
  const older = uses.filter(({ generation }) => generation !== record.target).map(({ lastUsedAt }) => lastUsedAt);
  return Math.max(...[startedAt, ...older].map((instant) => Date.parse(instant)));
}

const readsToken = ({ reads }: Pod) => reads.includes('service-token');
const verifiers = ({ pods }: Snapshot) => pods.filter((pod) => pod.role === 'verifier' && readsToken(pod));
const presenters = ({ pods }: Snapshot) => pods.filter((pod) => pod.role === 'presenter' && readsToken(pod));

/** Pods of the host's network share an address: what was used from there says nothing about one of them. */
const hasOwnAddress = ({ pods }: Snapshot, { ip }: Pod) => pods.filter((pod) => pod.ip === ip).length === 1;
