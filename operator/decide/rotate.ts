/**
 * How far the rotation of one key has come, computed from what the cluster shows and never remembered.
 *
 *     Debouncing ─► Verifying ─► Presenting ─► Proving ─► Retiring ─► Stable
 *                   verifiers    presenters    each pod   old values  committed
 *                   take it      move to it    has used   end, and
 *                                              it         that is attested
 *
 * Each step either says what it waits for, or finds itself done and lets the next one speak: so a killed operator goes
 * on where the cluster stands. The session secret has no overlap: all its readers move in Verifying.
 * Model: openshift/library-go, pkg/operator/encryption/statemachine/transition.go.
 */
import {
  isRotating,
  maxHistory,
  maxRetired,
  targetOf,
  type KeyName,
  type KeyRecord,
} from '../../shared/credential/keyring.ts';
import type { Action, Notice } from '../model/action.ts';
import type { KeyStatus, Phase, Settings } from '../model/plan.ts';
import { workloadId, type KeyringSecret, type Pod, type Snapshot, type Workload } from '../model/snapshot.ts';
import { debounceLeftMs } from './debounce.ts';
import { acceptanceGaps, exactAcceptanceGaps, proofGaps, stalePods } from './proof.ts';
import { planRepairs } from './repair.ts';
import { rolloutGaps } from './rollout.ts';

/** Where one key stands: its status, the workloads it wants restarted now, and what else it wants done. */
export interface Progress extends KeyStatus {
  readonly key: KeyName;
  readonly restart: readonly Workload[];
  /** At most one of them writes the keyring. */
  readonly actions: readonly Action[];
}

interface Rotation {
  readonly key: KeyName;
  readonly record: KeyRecord;
  readonly keyring: KeyringSecret;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly settings: Settings;
}

type Step = (rotation: Rotation) => Progress | undefined;

export function progressOf(rotation: Rotation): Progress {
  if (!isRotating(rotation.record)) return waiting('Stable', rotation, []);
  const steps = rotation.key === 'service-token' ? serviceTokenSteps : sessionSecretSteps;
  for (const step of steps) {
    const progress = step(rotation);
    if (progress) return progress;
  }
  return commit(rotation);
}

const debounce: Step = (rotation) => {
  const leftMs = debounceLeftMs(rotation.snapshot, rotation.now, rotation.settings);
  return leftMs > 0 ? waiting('Debouncing', rotation, [`further edits, for ${Math.ceil(leftMs / 1000)} s`]) : undefined;
};

const verify: Step = (rotation) => {
  const verifiers = readers(rotation).filter(({ role }) => role === 'verifier');
  const moving = move('Verifying', rotation, verifiers);
  if (moving) return moving;
  const gaps = acceptanceGaps(rotation.snapshot, rotation.record.target);
  return gaps.length > 0 ? waiting('Verifying', rotation, gaps) : undefined;
};

const present: Step = (rotation) => {
  const moving = move('Presenting', rotation, readers(rotation).filter(({ role }) => role === 'presenter'));
  if (moving) return moving;
  const gaps = holders(rotation).map(({ name, owner }) => `pod ${name} (${owner ?? 'no owner'}), which holds an older value`);
  return gaps.length > 0 ? waiting('Presenting', rotation, gaps) : undefined;
};

const repair: Step = (rotation) => {
  const { snapshot, record } = rotation;
  const recorded = record.repairs ?? [];
  const { toRecord, evictions, beyond } = planRepairs(stalePods(snapshot, record), recorded, snapshot);
  const actions: Action[] = [...evictions];
  if (toRecord.length > 0) actions.push(writeRecord(rotation, { ...record, repairs: [...recorded, ...toRecord] }, []));
  if (actions.length === 0 && beyond.length === 0) return undefined;
  return { ...waiting('Proving', rotation, [...evictions.map(({ pod }) => `pod ${pod.name} to be replaced`), ...beyond]), actions };
};

const prove: Step = (rotation) => {
  const { snapshot, record, now, settings } = rotation;
  const gaps = proofGaps(snapshot, record, now, settings.silenceMs);
  return gaps.length > 0 ? waiting('Proving', rotation, gaps) : undefined;
};

/** Every reader of a key without overlap moves at once. */
const moveAll: Step = (rotation) => {
  const moving = move('Verifying', rotation, readers(rotation));
  if (moving) return moving;
  const gaps = holders(rotation).map(({ name }) => `pod ${name}, which holds an older value`);
  return gaps.length > 0 ? waiting('Verifying', rotation, gaps) : undefined;
};

/** What cannot be undone is decided on a fresh read of the whole cluster only. */
const retire: Step = (rotation) => {
  const { record, snapshot, now } = rotation;
  const target = targetOf(record);
  const old = record.accepted.filter(({ name }) => name !== target.name);
  if (old.length === 0) return undefined;
  if (!snapshot.fresh) return { ...waiting('Proving', rotation, ['a fresh read of the cluster']), actions: [{ kind: 'Reread' }] };
  const retiredAt = new Date(now).toISOString();
  // A person's undo gives an older generation's value a new name: the value lives on, only the name ends.
  const ended = old.filter(({ value }) => value !== target.value).map(({ name, value }) => ({ name, value, retiredAt }));
  const retired = [...record.retired, ...ended].slice(-maxRetired);
  const names = old.map(({ name }) => name).join(', ');
  const message = `${rotation.key}: retired ${names}; only ${target.name} is accepted`;
  const next: KeyRecord = { ...record, accepted: [target], retired };
  return writing(rotation, writeRecord(rotation, next, [{ type: 'Normal', reason: 'Retired', message }]));
};

const attestRetirement: Step = (rotation) => {
  const gaps = exactAcceptanceGaps(rotation.snapshot, rotation.record.target);
  return gaps.length > 0 ? waiting('Retiring', rotation, gaps) : undefined;
};

const serviceTokenSteps: readonly Step[] = [debounce, verify, present, repair, prove, retire, attestRetirement];
const sessionSecretSteps: readonly Step[] = [debounce, moveAll, retire];

function commit(rotation: Rotation): Progress {
  const { key, record, keyring, now } = rotation;
  const target = targetOf(record);
  const { repairs: _ended, ...lasting } = record;
  const committed: KeyRecord = { ...lasting, committed: target.name, committedFrom: target.recordedFrom };
  const message = `${key}: generation ${target.name} is rolled out and the only one accepted`;
  const write = writeRecord(rotation, committed, [{ type: 'Normal', reason: 'RotationCompleted', message }]);
  const entry = {
    key,
    generation: target.name,
    ...(target.editedBy !== undefined && { editedBy: target.editedBy }),
    startedAt: target.recordedAt,
    committedAt: new Date(now).toISOString(),
    workloads: readers(rotation).map(workloadId),
  };
  const history = [...keyring.keyring.history, entry].slice(-maxHistory);
  return writing(rotation, { ...write, keyring: { ...write.keyring, history } });
}

/** Restarts those of `workloads` that lack the stamp, then waits until all of them are rolled out. */
function move(phase: Phase, rotation: Rotation, workloads: readonly Workload[]): Progress | undefined {
  const { key, record } = rotation;
  const behind = workloads.filter(({ stamps }) => stamps[key] !== record.target);
  if (behind.length > 0) {
    return { ...waiting(phase, rotation, behind.map((it) => `${workloadId(it)} to restart`)), restart: behind };
  }
  const gaps = workloads.flatMap(rolloutGaps);
  return gaps.length > 0 ? waiting(phase, rotation, gaps) : undefined;
}

function readers({ snapshot, key }: Rotation): Workload[] {
  return snapshot.workloads.filter(({ reads }) => reads.includes(key));
}

/** Pods of any owner that can still hold an older value; terminating ones count until they are gone. */
function holders({ snapshot, key, record }: Rotation): Pod[] {
  return snapshot.pods.filter(({ reads, stamps }) => reads.includes(key) && stamps[key] !== record.target);
}

function writeRecord({ key, keyring }: Rotation, record: KeyRecord, notices: readonly Notice[]) {
  return {
    kind: 'WriteKeyring',
    resourceVersion: keyring.resourceVersion,
    keyring: { ...keyring.keyring, keys: { ...keyring.keyring.keys, [key]: record } },
    notices,
  } as const;
}

const waiting = (phase: Phase, { key }: Rotation, waitingFor: readonly string[]): Progress => ({
  key,
  phase,
  waitingFor,
  restart: [],
  actions: [],
});

const writing = (rotation: Rotation, action: Action): Progress => ({
  ...waiting('Retiring', rotation, ['the keyring to say so']),
  actions: [action],
});
