/**
 * How far the rotation of one key has come, computed from what the cluster shows and never remembered.
 *
 *     Debouncing ─► Verifying ─► Presenting ─► Proving ─► Retiring ─► Stable
 *                   verifiers    presenters    each pod   old values  committed
 *                   take it      move to it    has used   end, and
 *                                              it         that is attested
 *
 * Each step either says what it waits for, or finds itself done and lets the next one speak: so a killed operator goes
 * on where the cluster stands. Where nothing older is accepted, or a verifier knows one value only, order saves nothing:
 * all move at once (Cutover). Model: openshift/library-go, pkg/operator/encryption/statemachine/transition.go.
 */
import type { Phase } from '../../shared/contract/phases.ts';
import {
  isRotating,
  targetOf,
  type Generation,
  type KeyName,
  type KeyRecord,
} from '../../shared/credential/keyring.ts';
import type { Action } from '../model/action.ts';
import { annotationPrefix } from '../model/names.ts';
import { lookAgainMs, type KeyStatus } from '../model/plan.ts';
import { isUnused, workloadId, type Pod, type Workload } from '../model/snapshot.ts';
import { isBehind } from './behind.ts';
import { debounceLeftMs } from './debounce.ts';
import { gap, gapForPerson, silentGap, watchedGap, type Gap } from './gap.ts';
import { isLost } from './lost.ts';
import { isStalled } from './progress.ts';
import { acceptanceGaps, exactAcceptanceGaps, isProved, proofGaps, stalePods, storageGaps } from './proof.ts';
import { commitRecord, retireOlder, writeRecord } from './record.ts';
import { planRepairs } from './repair.ts';
import { isReverted, maxStamps } from './reverted.ts';
import { rolloutGaps } from './rollout.ts';
import type { Rotation } from './rotation.ts';

/** Where one key stands: its status, the workloads it wants restarted now, and what else it wants done. */
export interface Progress extends KeyStatus {
  readonly key: KeyName;
  /** `Kind/name` each. */
  readonly restart: readonly string[];
  /** At most one of them writes the keyring. */
  readonly actions: readonly Action[];
  /** Milliseconds until the next look if no watch tells of anything; Infinity where nothing is waited for. */
  readonly lookAgainMs: number;
}

/** What a step waits for, and what it wants done meanwhile. */
interface Waiting {
  readonly phase: Phase;
  readonly gaps: readonly Gap[];
  readonly restart?: readonly Workload[];
  readonly actions?: readonly Action[];
}

/** So many pods of one workload are named. */
const maxLaggards = 5;

type Step = (rotation: Rotation) => Waiting | undefined;

export function progressOf(rotation: Rotation): Progress {
  for (const step of stepsFor(rotation)) {
    const waiting = step(rotation);
    if (waiting) return progressOver(rotation, waiting);
  }
  const isDone = !isRotating(rotation.record);
  return progressOver(rotation, isDone ? { phase: 'Stable', gaps: [] } : writing(commitRecord(rotation, readers(rotation).map(workloadId))));
}

const debounce: Step = ({ snapshot, record, now, settings }) => {
  const leftMs = record.accepted.length === 1 ? 0 : debounceLeftMs(snapshot, now, settings);
  if (leftMs <= 0) return undefined;
  const what = `further edits, for ${Math.ceil(leftMs / 1000)} s`;
  return { phase: 'Debouncing', gaps: [gap(what, Math.min(leftMs, lookAgainMs.asked))] };
};

/** Requests are rejected meanwhile, if only a verifier or only a presenter has moved: so nobody waits for anybody. */
const cutOver: Step = (rotation) => {
  const { record } = rotation;
  const nothingOlder = record.accepted.length === 1 && readers(rotation).some((it) => isBehind(it, rotation.key, record));
  return nothingOlder || verifiers(rotation).some(({ verify }) => verify === 'single') ? moveAll('Cutover', rotation) : undefined;
};

/** That presenters have been told to move says that all verifiers did accept: while they move nobody is asked again. */
const verify: Step = (rotation) => {
  const moving = move('Verifying', rotation, verifiers(rotation));
  return moving ?? (haveBeenToldToMove(presenters(rotation), rotation) ? undefined : attestAcceptance(rotation));
};

const present: Step = (rotation) => move('Presenting', rotation, presenters(rotation)) ?? waitFor('Presenting', holderGaps(rotation));

const attestAcceptance: Step = (rotation) => {
  if (!isAttested(rotation)) return undefined;
  return waitFor('Verifying', acceptanceGaps(rotation.snapshot, rotation.key, rotation.record.target));
};

/** The session secret has no overlap and no order: whoever reads it moves. */
const switchOver: Step = (rotation) => moveAll('Verifying', rotation);

const repair: Step = (rotation) => {
  const { snapshot, record } = rotation;
  const recorded = record.repairs ?? [];
  const { toRecord, evictions, beyond } = planRepairs(stalePods(snapshot, record), recorded, snapshot);
  const actions: Action[] = [...evictions];
  if (toRecord.length > 0) actions.push(writeRecord(rotation, { ...record, repairs: [...recorded, ...toRecord] }, []));
  if (actions.length === 0 && beyond.length === 0) return undefined;
  const gaps = [...evictions.map(({ pod }) => gap(`pod ${pod.name} to be replaced`)), ...beyond.map(gapForPerson)];
  return { phase: contestOr('Proving', rotation), gaps, actions };
};

const prove: Step = (rotation) => {
  if (!isAttested(rotation)) return undefined;
  return waitFor(contestOr('Proving', rotation), proofGaps(rotation));
};

const proveStorage: Step = (rotation) =>
  waitFor(contestOr('Proving', rotation), storageGaps(rotation.snapshot, rotation.record.target));

/** What one render made up ends together, so that `accept` finds all of it: the session secret, which needs no proof, waits for the token. */
const awaitToken: Step = ({ record, keyring }) => {
  const renders = new Set(madeUp(record).map(({ recordedFrom }) => recordedFrom));
  const token = keyring.keyring.keys['service-token'];
  const isLeft = token !== undefined && madeUp(token).some(({ recordedFrom }) => renders.has(recordedFrom));
  return isLeft ? { phase: 'Contested', gaps: [gap('the service-token of the same render to end')] } : undefined;
};

/** What cannot be undone is decided on a fresh read of the whole cluster only. */
const retire: Step = (rotation) => {
  const { record, snapshot } = rotation;
  if (record.accepted.length === 1) return undefined;
  if (snapshot.fresh) return writing(retireOlder(rotation, snapshot.sources.bootstrap?.requests.retire));
  return { phase: contestOr('Proving', rotation), gaps: [gap('a fresh read of the cluster')], actions: [{ kind: 'Reread' }] };
};

const attestRetirement: Step = (rotation) => {
  if (!isAttested(rotation)) return undefined;
  return waitFor('Retiring', exactAcceptanceGaps(rotation.snapshot, rotation.key, rotation.record.target));
};

const steps: Readonly<Record<KeyName, readonly Step[]>> = {
  'service-token': [debounce, cutOver, verify, present, attestAcceptance, repair, prove, retire, attestRetirement],
  'session-secret': [debounce, switchOver, retire],
  'encryption-key': [debounce, verify, present, attestAcceptance, proveStorage, retire, attestRetirement],
};

/** A value that a renderer made up and that was put back again: whoever started with it is replaced, then it ends. */
const contestSteps: Readonly<Record<KeyName, readonly Step[]>> = {
  'service-token': [repair, prove, retire],
  'session-secret': [awaitToken, retire],
  'encryption-key': [proveStorage, retire],
};

/** A pod that is refused after the end of a rotation is replaced, too. */
const settledSteps: Readonly<Record<KeyName, readonly Step[]>> = {
  'service-token': [repair],
  'session-secret': [],
  'encryption-key': [],
};

function stepsFor({ key, record }: Rotation): readonly Step[] {
  if (record.target !== record.committed) return steps[key];
  return (isRotating(record) ? contestSteps : settledSteps)[key];
}

/** Restarts those of `workloads` that lack the stamp, then waits until all of them are rolled out. */
function move(phase: Phase, rotation: Rotation, workloads: readonly Workload[]): Waiting | undefined {
  const { key, record, snapshot } = rotation;
  const behind = workloads.filter((it) => isBehind(it, key, record));
  const reverted = behind.filter((it) => isReverted(it, key, record, snapshot));
  const restart = behind.filter((it) => !reverted.includes(it));
  const gaps = [...reverted.map((it) => revertedGap(it, key)), ...restart.map((it) => gap(`${workloadId(it)} to restart`))];
  if (gaps.length > 0) return { phase, gaps, restart };
  return waitFor(phase, workloads.flatMap((it) => rollingOut(it, rotation)));
}

function revertedGap(workload: Workload, key: KeyName): Gap {
  const id = workloadId(workload);
  const remedy = `have what puts the template back, as a GitOps tool does, leave it there, then kubectl rollout restart ${id.toLowerCase()}`;
  return gapForPerson(`${id}: the annotation ${annotationPrefix}${key} of its pod template was taken away ${maxStamps} times: ${remedy}`);
}

/** What the rollout of a workload waits for, why it could make no pods, and the pods of it that will hardly end that by themselves. */
function rollingOut(workload: Workload, rotation: Rotation): Gap[] {
  const gaps = rolloutGaps(workload);
  if (gaps.length === 0) return [];
  const id = workloadId(workload);
  const unmade = workload.trouble === undefined ? [] : [watchedGap(`${id}: ${workload.trouble}`)];
  const own = rotation.snapshot.pods.filter(({ owner }) => owner === id);
  return [...gaps, ...unmade, ...own.flatMap((pod) => laggardGap(pod, rotation) ?? []).slice(0, maxLaggards)];
}

function laggardGap(pod: Pod, rotation: Rotation): Gap | undefined {
  const { name, trouble, ready, terminating } = pod;
  if (isLost(pod, rotation.now)) return lostGap(pod, rotation);
  if (trouble !== undefined) return watchedGap(`pod ${name}: ${trouble}`);
  return !ready && !terminating && isOld(pod, rotation) ? watchedGap(`pod ${name}, which is old and not ready`) : undefined;
}

function moveAll(phase: Phase, rotation: Rotation): Waiting | undefined {
  return move(phase, rotation, readers(rotation)) ?? waitFor(phase, holderGaps(rotation));
}

const haveBeenToldToMove = (workloads: readonly Workload[], { key, record }: Rotation): boolean =>
  workloads.length > 0 && !workloads.some((it) => isBehind(it, key, record));

/** The workloads that are restarted for the key. */
function readers({ snapshot, key }: Rotation): Workload[] {
  return snapshot.workloads.filter(({ reads, restartable }) => restartable && reads.includes(key));
}

const ofRole = (role: Workload['role']) => (rotation: Rotation): Workload[] => readers(rotation).filter((it) => it.role === role);
const verifiers = ofRole('verifier');
const presenters = ofRole('presenter');

/** Verifiers that know only their environment attest nothing: there, a finished rollout has to do. */
function isAttested({ snapshot, key }: Rotation): boolean {
  const all = snapshot.workloads.filter(({ role, reads }) => role === 'verifier' && reads.includes(key));
  return all.length === 0 || all.some(({ verify: how }) => how === 'live');
}

/** Pods of any owner that can still hold an older value; terminating ones count until they are gone. */
function holderGaps(rotation: Rotation): Gap[] {
  const holders = rotation.snapshot.pods.filter((pod) => isOld(pod, rotation) && !hasMoved(pod, rotation));
  return holders.map((pod) => {
    if (isLost(pod, rotation.now)) return lostGap(pod, rotation);
    const what = `pod ${pod.name} (${pod.owner ?? 'no owner'}), which holds an older value`;
    return isYoung(pod, rotation) ? silentGap(what) : gap(what);
  });
}

const isOld = ({ reads, stamps }: Pod, { key, record }: Rotation): boolean => reads.includes(key) && stamps[key] !== record.target;

const lostGap = ({ name }: Pod, { record }: Rotation): Gap =>
  gapForPerson(`pod ${name}, long past its deletion (is its node gone?): kure-bootstrap retire --now ${olderOf(record)}`);

/** One that nobody stamps has moved when all its containers are younger than the target and it is proved to hold that. */
function hasMoved(pod: Pod, rotation: Rotation): boolean {
  if (!isYoung(pod, rotation)) return false;
  return rotation.key === 'service-token' && pod.role === 'presenter' && isAttested(rotation) ? isProved(pod, rotation) : true;
}

const isYoung = ({ createdAt }: Pod, { record }: Rotation): boolean => createdAt > Date.parse(targetOf(record).recordedAt);

const madeUp = ({ accepted, target }: KeyRecord): Generation[] => accepted.filter(({ name, origin }) => origin === 'rendered' && name !== target);

const olderOf = ({ accepted, target }: KeyRecord): string => accepted.find(({ name }) => name !== target)?.name ?? target;

const waitFor = (phase: Phase, gaps: readonly Gap[]): Waiting | undefined => (gaps.length > 0 ? { phase, gaps } : undefined);

const writing = (action: Action): Waiting => ({ phase: 'Retiring', gaps: [silentGap('the keyring to say so')], actions: [action] });

const contestOr = (phase: Phase, { record }: Rotation): Phase => (isRotating(record) && record.target === record.committed ? 'Contested' : phase);

/** The step is named beside the phase where the phase is that somebody should look: not for a rotation that has lost whom it was for. */
function progressOver(rotation: Rotation, { phase: step, gaps, restart = [], actions = [] }: Waiting): Progress {
  const { key } = rotation;
  const waitingFor = gaps.map(({ what }) => what);
  const isStopped = gaps.some(({ needsPerson }) => needsPerson) || (gaps.length > 0 && isRotating(rotation.record) && isStalled(step, gaps, rotation));
  const isStuck = isStopped && !isUnused(rotation.snapshot);
  const againMs = isStuck ? lookAgainMs.told : Math.min(...gaps.map((each) => each.lookAgainMs));
  return { key, phase: isStuck ? 'Stuck' : step, ...(isStuck && { step }), waitingFor, restart: restart.map(workloadId), actions, lookAgainMs: againMs };
}
