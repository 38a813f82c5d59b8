/** What the verifiers' attestations prove. A verifier that does not answer proves nothing: unknown is not current. */
import type { Attestation } from '../../shared/contract/attestation.ts';
import type { KeyName, KeyRecord } from '../../shared/credential/keyring.ts';
import { isServingVerifier, type Pod, type Snapshot } from '../model/snapshot.ts';
import { gap, gapForPerson, type Gap } from './gap.ts';
import type { Rotation } from './rotation.ts';

/** Milliseconds in which a new pod usually starts: what it will hold is not known before. */
const startingMs = 60_000;

/** What keeps us from saying that every serving verifier accepts `generation`. No verifier at all is a gap, too. */
export function acceptanceGaps(snapshot: Snapshot, key: KeyName, generation: string): Gap[] {
  return attestationGaps(snapshot, key, (attestation) =>
    acceptedOf(attestation, key)?.includes(generation) ? undefined : `to accept generation ${generation}`,
  );
}

/**
 * What keeps us from saying that every serving verifier accepts `generation` and no other one. Values without a name are
 * sightings of later edits: the rotation that records a later one ends them.
 */
export function exactAcceptanceGaps(snapshot: Snapshot, key: KeyName, generation: string): Gap[] {
  return attestationGaps(snapshot, key, (attestation) => {
    const accepted = acceptedOf(attestation, key) ?? [];
    return accepted.length === 1 && accepted[0] === generation ? undefined : `to accept no generation but ${generation}`;
  });
}

/**
 * What keeps us from saying that nothing is stored under an older encryption key. What is stored under a key that nobody
 * has cannot be read either way.
 */
export function storageGaps(snapshot: Snapshot, generation: string): Gap[] {
  return attestationGaps(snapshot, 'encryption-key', ({ encryption }) => {
    const older = Object.entries(encryption?.stored ?? {}).filter(([name]) => name !== generation && name !== '');
    const count = older.reduce((sum, [, stored]) => sum + stored, 0);
    return count === 0 ? undefined : `to encrypt ${count} stored values anew under ${generation}`;
  });
}

/** What proof is judged by. */
type Proving = Pick<Rotation, 'snapshot' | 'record' | 'now' | 'settings'>;

/** What keeps us from saying that no presenter pod holds an older value. */
export function proofGaps(proving: Proving): Gap[] {
  const { snapshot, record } = proving;
  const unproved = presenterPods(snapshot).filter((pod) => !isProved(pod, proving));
  return unproved.map(({ name }) => gap(`pod ${name} to use generation ${record.target}`));
}

/**
 * Whether the presenter pod holds no older value: it must have used the target since it started (one that cannot start
 * holds nothing; one that may be starting just now is waited for). A pod that no verifier has seen (it talks through a
 * proxy, or has not talked yet) is proved by silence: no verifier has seen a use of an older generation for so long,
 * counted at the earliest from the pod's own start and from the verifier's. Each verifier's own clock counts: ours may jump.
 */
export function isProved(pod: Pod, { snapshot, record, now, settings }: Proving): boolean {
  const { startedAt, createdAt } = pod;
  if (startedAt === undefined) return now - createdAt >= startingMs;
  const attestations = attestationsOf(snapshot);
  const isSilent = (it: Attestation) => Date.parse(it.now) - Math.max(lastOlderUse(it, record), startedAt) >= settings.silenceMs;
  return usesSinceStart(snapshot, pod, record.target) || (attestations.length > 0 && attestations.every(isSilent));
}

/**
 * Whether a verifier has seen this very pod use the generation after its youngest container started, and nothing else since: a
 * start has whole seconds, and earlier in its second the address may have been another container's, or another pod's.
 */
function usesSinceStart(snapshot: Snapshot, pod: Pod, generation: string): boolean {
  const { startedAt = Infinity } = pod;
  if (!hasOwnAddress(snapshot, pod)) return false;
  const last = presentedBy(snapshot, pod);
  const usedAt = lastUse(last, generation);
  return usedAt >= startedAt && !hasUsedOther(last, generation, usedAt);
}

/** The generation that this pod was seen to use after its youngest container started; undefined if none. */
export function generationInUse(snapshot: Snapshot, pod: Pod): string | undefined {
  const { startedAt = Infinity } = pod;
  if (!hasOwnAddress(snapshot, pod)) return undefined;
  const last = presentedBy(snapshot, pod);
  const names = attestationsOf(snapshot).flatMap(({ uses }) => uses.flatMap(({ generation }) => generation ?? []));
  return names.findLast((name) => lastUse(last, name) >= startedAt);
}

/**
 * Pods that should use the target (they carry its stamp, or it is committed) and since they started, and since they last
 * used it, have used another value or were refused with one.
 */
export function stalePods(snapshot: Snapshot, record: KeyRecord): Pod[] {
  const isCommitted = record.target === record.committed;
  const due = presenterPods(snapshot).filter(({ stamps }) => isCommitted || stamps['service-token'] === record.target);
  return due.filter((pod) => {
    const { startedAt, terminating } = pod;
    if (terminating || startedAt === undefined || !hasOwnAddress(snapshot, pod)) return false;
    const last = presentedBy(snapshot, pod);
    return hasUsedOther(last, record.target, Math.max(startedAt, lastUse(last, record.target)));
  });
}

/** Milliseconds since the epoch. */
const lastUse = (last: readonly Presented[], name: string): number =>
  Math.max(...last.filter(({ generation }) => generation === name).map(({ at }) => at));

/** Whether another value than the target's was presented after that moment, in milliseconds since the epoch. */
const hasUsedOther = (last: readonly Presented[], target: string, after: number): boolean =>
  last.some((it) => isOther(it, target) && it.at > after);

/** A verifier that has not heard of the target yet, as right after an adoption, knows that very value without its name, or refuses it. */
const isOther = ({ generation, accepted }: Presented, target: string): boolean =>
  generation === null ? accepted.includes(target) : generation !== target;

/** Some value that was presented for the last time; `generation` is null for one without a name, or that was refused. */
interface Presented {
  readonly generation: string | null;
  /** Names of the generations that the verifier accepts which says so. */
  readonly accepted: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** By whatever verifier, from all addresses of the pod. */
const presentedBy = (snapshot: Snapshot, { addresses }: Pod): Presented[] =>
  addresses.flatMap((address) => tracesOf(snapshot).presented.get(address) ?? []);

/** What requests have left behind, put in order once for all pods: there may be thousands of them. */
interface Traces {
  /** What was presented from each address. */
  readonly presented: ReadonlyMap<string, readonly Presented[]>;
  /** How many pods have each address. */
  readonly pods: ReadonlyMap<string, number>;
}

const known = new WeakMap<Snapshot, Traces>();

function tracesOf(snapshot: Snapshot): Traces {
  const found = known.get(snapshot) ?? { presented: presentedIn(attestationsOf(snapshot)), pods: podsByAddress(snapshot) };
  known.set(snapshot, found);
  return found;
}

function presentedIn(attestations: readonly Attestation[]): Traces['presented'] {
  const all = attestations.flatMap(({ accepted, uses, refused }) => [
    ...uses.flatMap(({ generation, sources }) => sources.map(({ address, lastUsedAt }) => ({ address, generation, accepted, at: Date.parse(lastUsedAt) }))),
    ...refused.flatMap(({ reason, address, lastRefusedAt }) =>
      reason === 'missing' ? [] : { address, generation: null, accepted, at: Date.parse(lastRefusedAt) },
    ),
  ]);
  return Map.groupBy(all, ({ address }) => address);
}

function podsByAddress({ pods }: Snapshot): Traces['pods'] {
  const counts = new Map<string, number>();
  for (const address of pods.flatMap(({ addresses }) => addresses)) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

function attestationGaps(snapshot: Snapshot, key: KeyName, lack: (attestation: Attestation) => string | undefined): Gap[] {
  const serving = snapshot.pods.filter((pod) => isServingVerifier(pod) && pod.reads.includes(key));
  if (serving.length === 0) return [noVerifier(snapshot, key)];
  return serving.flatMap(({ name, uid }) => {
    const answer = snapshot.answers.get(uid);
    if (!answer) return [gap(`verifier pod ${name} to be asked`)];
    if ('failure' in answer) return [gap(`verifier pod ${name} to answer (${answer.failure})`)];
    const missing = lack(answer.attestation);
    return missing === undefined ? [] : [gap(`verifier pod ${name} ${missing}`)];
  });
}

/** One that is about to be ready is waited for; where there is none at all somebody must see to it. */
function noVerifier({ workloads }: Snapshot, key: KeyName): Gap {
  const isExpected = workloads.some(({ role, reads, rollout }) => role === 'verifier' && reads.includes(key) && rollout.desired > 0);
  return isExpected ? gap('a ready verifier: there is none') : gapForPerson('a verifier: there is none');
}

/** Undefined for a verifier that says nothing about the key. */
export function acceptedOf({ accepted, encryption }: Attestation, key: KeyName): readonly string[] | undefined {
  return key === 'encryption-key' ? encryption?.accepted : accepted;
}

function attestationsOf(snapshot: Snapshot): Attestation[] {
  return [...snapshot.answers.values()].flatMap((answer) => ('attestation' in answer ? answer.attestation : []));
}

/** Milliseconds since the epoch; a verifier that has just started has seen nothing, so its start counts as a use. */
function lastOlderUse({ startedAt, uses }: Attestation, record: KeyRecord): number {
  const older = uses.filter(({ generation }) => generation !== record.target).map(({ lastUsedAt }) => lastUsedAt);
  return Math.max(...[startedAt, ...older].map((instant) => Date.parse(instant)));
}

const presenterPods = ({ pods }: Snapshot) => pods.filter(({ role, reads }) => role === 'presenter' && reads.includes('service-token'));

/** Pods of the host's network share an address: what was used from there says nothing about one of them. */
const hasOwnAddress = (snapshot: Snapshot, { addresses }: Pod): boolean =>
  addresses.length > 0 && addresses.every((address) => tracesOf(snapshot).pods.get(address) === 1);
