/** One look at the cluster, one plan. Pure: the same snapshot, time and draws give the same plan. */
import { phases, type Phase } from '../../shared/contract/phases.ts';
import { keyNames, targetOf, type Generation, type KeyName } from '../../shared/credential/keyring.ts';
import type { Action, Stamp } from '../model/action.ts';
import { lookAgainMs, type Draw, type KeyStatus, type Plan, type Settings } from '../model/plan.ts';
import { workloadId, type Snapshot, type Workload } from '../model/snapshot.ts';
import { isBehind } from './behind.ts';
import { keepInOrder } from './housekeeping.ts';
import { withoutLost } from './lost.ts';
import { normal } from './notice.ts';
import { answerRequests, type Answered } from './requests.ts';
import { restoreKeyring } from './restore.ts';
import { progressOf, type Progress } from './rotate.ts';
import { settle, type Settling } from './settle.ts';

export function decide(snapshot: Snapshot, now: number, draw: Draw, settings: Settings): Plan {
  const restoring = restoreKeyring(snapshot);
  if (restoring) return restoring;
  const settling = settle(snapshot, now, draw);
  const answered = settling.actions.length > 0 ? { rejections: [] } : answerRequests(snapshot, now, draw);
  const progress = progressOfAll(snapshot, now, settings, settling).map((it) => reject(it, answered));
  // What is not recorded yet has not even begun to be debounced: `Stable` would be said too early.
  if (settling.actions.length > 0) return plan(settling.actions, 'Debouncing', progress, lookAgainMs.acted);
  if (answered.action) return plan([answered.action], leastAdvanced([...phasesOf(progress), 'Debouncing']), progress, lookAgainMs.acted);
  const isPaused = snapshot.sources.bootstrap?.requests.pause ?? false;
  if (isPaused) return plan([], 'Paused', progress.map(pause), lookAgainMs.told);
  const actions = [...keepInOrder(snapshot), ...restarts(progress, snapshot), ...others(progress)];
  const phase = leastAdvanced(phasesOf(progress));
  return plan(actions, phase, progress, actions.length > 0 ? lookAgainMs.acted : quietMs(progress, settling));
}

function plan(actions: readonly Action[], phase: Phase, progress: readonly Progress[], nextLookMs: number): Plan {
  const keys = progress.map(({ key, phase: own, step, waitingFor }): [KeyName, KeyStatus] => [
    key,
    { phase: own, ...(step !== undefined && { step }), waitingFor },
  ]);
  return { actions, phase, keys: Object.fromEntries(keys), waitingFor: [], lookAgainMs: nextLookMs };
}

/** Of every key that is recorded, and of every one that is held, be it recorded or not. */
function progressOfAll(snapshot: Snapshot, now: number, settings: Settings, { held }: Settling): Progress[] {
  const { keyring } = snapshot;
  return keyNames.flatMap((key) => {
    const status = held[key];
    if (status) return hold(key, status);
    const record = keyring?.keyring.keys[key];
    return keyring && record ? progressOf({ key, record, keyring, snapshot: withoutLost(snapshot, record, now), now, settings }) : [];
  });
}

/** While the Secret holds another value than the target, a pod that starts would take that: nothing moves or ends. */
function hold(key: KeyName, status: KeyStatus): Progress {
  return { key, ...status, restart: [], actions: [], lookAgainMs: status.phase === 'Rejected' ? lookAgainMs.told : lookAgainMs.asked };
}

function reject(progress: Progress, { rejections }: Answered): Progress {
  const own = rejections.filter(({ key }) => key === progress.key).map(({ why }) => why);
  return own.length > 0 ? { ...progress, phase: 'Rejected', step: progress.phase, waitingFor: [...own, ...progress.waitingFor] } : progress;
}

function pause(progress: Progress): Progress {
  return progress.phase === 'Stable' ? progress : { ...progress, phase: 'Paused', step: progress.step ?? progress.phase };
}

function quietMs(progress: readonly Progress[], { putBackInMs = Infinity }: Settling): number {
  return Math.min(lookAgainMs.stable, putBackInMs, ...progress.map((each) => each.lookAgainMs));
}

/**
 * One patch for all keys of a workload: it restarts when every rotating key that it reads allows it,
 * so that two keys edited together cost one restart.
 */
function restarts(progress: readonly Progress[], snapshot: Snapshot): Stamp[] {
  return snapshot.workloads.flatMap((workload) => {
    const wanted = progress.filter(({ restart }) => restart.includes(workloadId(workload)));
    const pending = progress.filter(({ key }) => isPending(workload, key, snapshot));
    return wanted.length > 0 && wanted.length === pending.length ? [stamp(workload, targetsFor(wanted, snapshot))] : [];
  });
}

function isPending(workload: Workload, key: KeyName, { keyring }: Snapshot): boolean {
  const record = keyring?.keyring.keys[key];
  return record !== undefined && record.target !== record.committed && workload.reads.includes(key) && isBehind(workload, key, record);
}

function targetsFor(wanted: readonly Progress[], { keyring }: Snapshot): [KeyName, Generation][] {
  return wanted.flatMap(({ key }): [KeyName, Generation][] => {
    const record = keyring?.keyring.keys[key];
    return record ? [[key, targetOf(record)]] : [];
  });
}

function stamp({ kind, name, uid, resourceVersion, restartedAt = -Infinity }: Workload, targets: readonly [KeyName, Generation][]): Stamp {
  const message = `restarted for ${targets.map(([key, target]) => `${key} ${target.name}`).join(' and ')}`;
  const isRepeated = targets.every(([, { recordedAt }]) => Date.parse(recordedAt) <= restartedAt);
  return {
    kind: 'Stamp',
    workload: { kind, name, uid, resourceVersion },
    stamps: Object.fromEntries(targets.map(([key, target]) => [key, target.name])),
    ...(isRepeated && { isRepeated }),
    notices: [normal('Restarted', `${workloadId({ kind, name })} ${message}`)],
  };
}

/** The keyring has one resourceVersion: a second write of it waits for the next pass. */
function others(progress: readonly Progress[]): Action[] {
  const wanted = progress.flatMap(({ actions }) => actions);
  const write = wanted.find(({ kind }) => kind === 'WriteKeyring');
  return wanted.filter((action) => action.kind !== 'WriteKeyring' || action === write);
}

const phasesOf = (progress: readonly Progress[]): Phase[] => progress.map(({ phase }) => phase);

function leastAdvanced(found: readonly Phase[]): Phase {
  return phases.find((phase) => found.includes(phase)) ?? 'Stable';
}
