/** Wrong ways to build it, each with a counterexample that the stories must find. Production code has no switch for them. */
import type { VerifierState } from '../../../shared/credential/accepted-set.ts';
import { targetOf, type KeyRecord, type Keyring } from '../../../shared/credential/keyring.ts';
import { decide } from '../../../operator/decide/decide.ts';
import type { Action } from '../../../operator/model/action.ts';
import type { Answer, Answers, Snapshot } from '../../../operator/model/snapshot.ts';
import type { Decide } from './operator-model.ts';
import { realCast, type Cast } from './story.ts';

/** Changes the service token's record in every keyring write. */
function rewriting(change: (record: KeyRecord, snapshot: Snapshot) => KeyRecord): Decide {
  return (snapshot, ...rest) => {
    const plan = decide(snapshot, ...rest);
    const actions = plan.actions.map((action): Action => {
      const record = action.kind === 'WriteKeyring' ? action.keyring.keys['service-token'] : undefined;
      if (action.kind !== 'WriteKeyring' || !record) return action;
      const keys: Keyring['keys'] = { ...action.keyring.keys, 'service-token': change(record, snapshot) };
      return { ...action, keyring: { ...action.keyring, keys } };
    });
    return { ...plan, actions };
  };
}

/** Retires on what the watches remember, however old that is. */
const trustingMemory: Decide = (snapshot, ...rest) => decide({ ...snapshot, fresh: true }, ...rest);

/** A returning value takes the name that it had before. */
const reusingNames = rewriting((record) => {
  const target = targetOf(record);
  const first = record.accepted.find(({ value }) => value === target.value)!;
  if (first.name === target.name) return record;
  const others = record.accepted.filter(({ name }) => name !== first.name && name !== target.name);
  return { ...record, accepted: [...others, { ...target, name: first.name }], target: first.name };
});

/** Takes a finished rollout for the proof that every pod uses the target. */
const retiringWithoutProof: Decide = (snapshot, ...rest) => {
  const target = snapshot.keyring?.keyring.keys['service-token']?.target ?? '';
  const lastUsedAt = new Date(1e12).toISOString();
  const sources = snapshot.pods.flatMap(({ addresses }) => addresses.map((address) => ({ address, count: 1, lastUsedAt })));
  const uses = [{ generation: target, count: 1, lastUsedAt, sources }];
  const claim = (answer: Answer): Answer => ('attestation' in answer ? { attestation: { ...answer.attestation, uses } } : answer);
  const get = (uid: string) => {
    const answer = snapshot.answers.get(uid);
    return answer && claim(answer);
  };
  const answers: Answers = { get, values: () => [...snapshot.answers.values()].map(claim) };
  return decide({ ...snapshot, answers }, ...rest);
};

/** Writes `committed` together with `retired`, before any verifier has said that it refuses the old values. */
const committingBeforeAttestation = rewriting((record, { keyring }) => {
  const before = keyring?.keyring.keys['service-token'];
  const target = targetOf(record);
  const retires = before !== undefined && before.accepted.length > record.accepted.length;
  return retires ? { ...record, committed: target.name, committedFrom: target.recordedFrom } : record;
});

/** Puts the target back over a value that a renderer made up, and keeps no record of that value. */
const puttingBackUnrecorded: Decide = (snapshot, ...rest) => {
  const plan = decide(snapshot, ...rest);
  const { keyring, sources } = snapshot;
  if (!keyring || !plan.actions.some((action) => action.kind === 'WriteKeyring' && action.notices.some(({ reason }) => reason === 'Contested'))) return plan;
  const values = Object.fromEntries(Object.entries(keyring.keyring.keys).map(([key, record]) => [key, targetOf(record).value]));
  const resourceVersion = sources.bootstrap?.resourceVersion;
  return {
    ...plan,
    actions: [{ kind: 'WriteSource', source: 'bootstrap', resourceVersion, identity: undefined, values, consumed: [], dropsMark: true, notices: [] }],
  };
};

/** Sets a stamp again however often it was taken away. */
const stampingForEver: Decide = (snapshot, ...rest) => decide({ ...snapshot, stamped: [] }, ...rest);

/** Forgets a sighting, and those before it, as soon as its value is the committed one. */
function forgettingByValue(state: VerifierState): VerifierState {
  const committed = state.record?.accepted.find(({ name }) => name === state.record?.committed);
  const index = state.sightings.findIndex(({ value }) => value === committed?.value);
  return { ...state, sightings: state.sightings.slice(index + 1) };
}

/** Keeps only what the bootstrap Secret holds now. */
const forgettingAtOnce = (state: VerifierState): VerifierState => ({ ...state, sightings: state.sightings.slice(-1) });

export const variants: Readonly<Record<string, Cast>> = {
  'a generation name reused for a returning value': { decide: reusingNames },
  'retirement decided on what the watches remember': { decide: trustingMemory },
  'retirement without proof': { decide: retiringWithoutProof },
  'commit before attestation': { decide: committingBeforeAttestation },
  'a put-back that records nothing': { decide: puttingBackUnrecorded },
  'a stamp that is set for ever': { decide: stampingForEver },
  'a sighting forgotten by value': { ...realCast, forgets: forgettingByValue },
  'forgetting sightings at once': { ...realCast, forgets: forgettingAtOnce },
};
