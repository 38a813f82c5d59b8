/** Whether everything holds what it should: one function for each thing that must be so. Pure. */
import type { Attestation } from '../../../shared/contract/attestation.ts';
import { isRotating, keyNames, sourceOf, targetOf, type KeyName, type KeyRecord } from '../../../shared/credential/keyring.ts';
import { secretEntry } from '../../../shared/kube/objects.ts';
import { acceptedOf } from '../../decide/proof.ts';
import { isServingVerifier, sharesAddress, type Pod } from '../../model/snapshot.ts';
import type { Evidence } from './evidence.ts';

/** A sentence that names the object; never a value. */
export type Finding = string;
export type Check = (evidence: Evidence) => readonly Finding[];

const records = ({ keyring }: Evidence): [KeyName, KeyRecord][] =>
  keyNames.flatMap((key): [KeyName, KeyRecord][] => {
    const record = keyring?.keys[key];
    return record ? [[key, record]] : [];
  });

const isStable: Check = ({ status }) => (status.phase === 'Stable' ? [] : [`the phase is ${status.phase}: \`kure-bootstrap status\` says what it waits for`]);

/** The Secret's value is the target's, and none is there that nobody has taken note of. */
const sourcesHoldTheTarget: Check = (evidence) => {
  const { release, sources, keyring } = evidence;
  if (!keyring) return [`the Secret ${release.keyringSecret} is missing: the operator makes it; see its log`];
  const unrecorded = keyNames.filter((key) => !keyring.keys[key] && secretEntry(sources[sourceOf(key)], release.entries[key]));
  const unknown = unrecorded.map((key) => `the keyring has no record of ${key}, which is in the ${sourceOf(key)} Secret: the operator has not looked at it`);
  const wrong = records(evidence).flatMap(([key, record]) => {
    const secret = sources[sourceOf(key)];
    if (!secret) return [`the ${sourceOf(key)} Secret is missing although the keyring has a record of ${key}`];
    const isSame = secretEntry(secret, release.entries[key]) === targetOf(record).value;
    return isSame ? [] : [`Secret ${secret.metadata.name}: ${key} is not the target ${record.target} of the keyring`];
  });
  return [...unknown, ...wrong];
};

/** A stamp is needed where pods are older than the target's record. */
const podsCarryTheTarget: Check = (evidence) =>
  records(evidence).flatMap(([key, record]) => {
    const { recordedAt, origin } = targetOf(record);
    if (origin === 'adopted') return [];
    return evidence.pods
      .filter((pod) => pod.reads.includes(key) && pod.stamps[key] !== record.target)
      .filter(({ startedAt, createdAt }) => (startedAt ?? createdAt) < Date.parse(recordedAt))
      .map((pod) => `pod ${pod.name} (${pod.owner ?? 'no owner'}) started before generation ${record.target} of ${key} and does not carry it`);
  });

const someVerifierServes: Check = ({ pods }) =>
  pods.some((pod) => pod.role === 'verifier' && pod.ready && !pod.terminating) ? [] : ['no verifier is ready: nothing can be retired'];

/** Outside of a rotation exactly the target; during one exactly what the keyring accepts. */
const verifiersAcceptTheRecord: Check = (evidence) => {
  if (!evidence.keyring) return [];
  return evidence.pods.filter(isServingVerifier).flatMap((pod) => {
    const answer = evidence.answers.get(pod.uid);
    if (!answer || 'failure' in answer) return [`verifier pod ${pod.name} did not answer: ${answer?.failure ?? 'it was not asked'}`];
    return records(evidence).flatMap(([key, record]) => (pod.reads.includes(key) ? acceptanceFindings(pod, key, record, answer.attestation) : []));
  });
};

/** Of a session secret nothing is attested. */
function acceptanceFindings({ name: pod }: Pod, key: KeyName, record: KeyRecord, attestation: Attestation): Finding[] {
  const accepted = key === 'session-secret' ? undefined : acceptedOf(attestation, key);
  if (accepted === undefined) return [];
  const wanted = record.accepted.map(({ name }) => name);
  const missing = wanted.filter((name) => !accepted.includes(name)).map((name) => `verifier pod ${pod} does not accept generation ${name} of ${key}`);
  const extra = accepted.filter((name) => !wanted.includes(name)).map((name) => `verifier pod ${pod} accepts generation ${name} of ${key}, which the keyring does not`);
  const unnamed = key === 'service-token' && !isRotating(record) ? attestation.unnamed : 0;
  return [...missing, ...extra, ...(unnamed > 0 ? [`verifier pod ${pod} accepts ${unnamed} values that the keyring has no name for`] : [])];
}

const presentersUseTheTarget: Check = (evidence) => {
  const record = evidence.keyring?.keys['service-token'];
  if (!record) return [];
  return evidence.pods.filter((pod) => isPresenting(pod)).flatMap((pod) => presenterFindings(pod, record, evidence));
};

/** Presenters whose requests are refused; one that never was accepted is not ready. */
const nobodyIsRefused: Check = (evidence) => {
  const refusals = attestations(evidence).flatMap(({ refused }) => refused);
  return evidence.pods.filter((pod) => isPresenter(pod) && !pod.terminating).flatMap((pod) => {
    const own = refusals.filter(({ address, lastRefusedAt }) => pod.addresses.includes(address) && Date.parse(lastRefusedAt) > (pod.startedAt ?? pod.createdAt));
    return own.map(({ reason, count, lastRefusedAt }) => `pod ${pod.name} was refused ${count} times (${reason}), last at ${lastRefusedAt}`);
  });
};

const attestations = ({ answers }: Evidence) => [...answers.values()].flatMap((answer) => ('attestation' in answer ? [answer.attestation] : []));

const isPresenter = ({ role, reads }: Pod): boolean => role === 'presenter' && reads.includes('service-token');
const isPresenting = (pod: Pod): boolean => isPresenter(pod) && pod.ready && !pod.terminating;

/** Pods that share an address, as those on the host's network, cannot be told apart: nothing is said of them. */
function presenterFindings(pod: Pod, record: KeyRecord, evidence: Evidence): Finding[] {
  const isShared = evidence.pods.some((other) => other.uid !== pod.uid && sharesAddress(other, pod));
  if (isShared || pod.startedAt === undefined) return [];
  const startedAt = pod.startedAt;
  const used = attestations(evidence).flatMap(({ uses }) =>
    uses.filter(({ sources }) => sources.some(({ address, lastUsedAt }) => pod.addresses.includes(address) && Date.parse(lastUsedAt) >= startedAt)),
  );
  const older = new Set(used.map(({ generation }) => generation).filter((name) => name !== record.target));
  if (older.size > 0) return [`pod ${pod.name} uses generation ${[...older].map((name) => name ?? 'without a name').join(', ')} instead of ${record.target}`];
  return used.length > 0 ? [] : [`pod ${pod.name} has not used generation ${record.target} since it started, by what the verifiers have seen`];
}

export const checks: Readonly<Record<string, Check>> = {
  'the rotation is over': isStable,
  'the Secrets hold what the keyring says': sourcesHoldTheTarget,
  'no pod holds an older value': podsCarryTheTarget,
  'a verifier is ready': someVerifierServes,
  'each verifier accepts what the keyring says': verifiersAcceptTheRecord,
  'each presenter uses the target': presentersUseTheTarget,
  'no presenter is refused': nobodyIsRefused,
};

