/** One look at the cluster, one plan. Pure: the same snapshot, time and draws give the same plan. */
import { keyNames } from '../../shared/credential/keyring.ts';
import type { Action, Stamp } from '../model/action.ts';
import { phases, type Draw, type KeyStatus, type Phase, type Plan, type Settings } from '../model/plan.ts';
import { workloadId, type Snapshot, type Stamps, type Workload } from '../model/snapshot.ts';
import { progressOf, type Progress } from './rotate.ts';
import { settle } from './settle.ts';

/** Milliseconds: while a rotation runs the verifiers are asked this often; else only a change wakes us. */
const rotatingMs = 500;
const stableMs = 60_000;

export function decide(snapshot: Snapshot, now: number, draw: Draw, settings: Settings): Plan {
  const settling = settle(snapshot, now, draw);
  const progress = progressOfAll(snapshot, now, settings);
  // What is not recorded yet has not even begun to be debounced: `Stable` would be said too early.
  const phase = settling.length > 0 ? 'Debouncing' : leastAdvanced(progress.map((it) => it.phase));
  const actions = settling.length > 0 ? settling : [...restarts(progress, snapshot), ...others(progress)];
  return {
    actions,
    phase,
    keys: Object.fromEntries(progress.map(({ key, phase, waitingFor }): [string, KeyStatus] => [key, { phase, waitingFor }])),
    lookAgainMs: phase === 'Stable' && actions.length === 0 ? stableMs : rotatingMs,
  };
}

function progressOfAll(snapshot: Snapshot, now: number, settings: Settings): Progress[] {
  const { keyring } = snapshot;
  if (!keyring) return [];
  return keyNames.flatMap((key) => {
    const record = keyring.keyring.keys[key];
    return record ? progressOf({ key, record, keyring, snapshot, now, settings }) : [];
  });
}

/**
 * One patch for all keys of a workload: it restarts when every rotating key that it reads allows it,
 * so that two keys edited together cost one restart.
 */
function restarts(progress: readonly Progress[], snapshot: Snapshot): Stamp[] {
  return snapshot.workloads.flatMap((workload) => {
    const wanted = progress.filter(({ restart }) => restart.includes(workload));
    const pending = progress.filter(({ key, phase }) => phase !== 'Stable' && isBehind(workload, key, snapshot));
    return wanted.length > 0 && wanted.length === pending.length ? [stamp(workload, stampsFor(wanted, snapshot))] : [];
  });
}

function isBehind(workload: Workload, key: Progress['key'], { keyring }: Snapshot): boolean {
  return workload.reads.includes(key) && workload.stamps[key] !== keyring?.keyring.keys[key]?.target;
}

function stampsFor(wanted: readonly Progress[], { keyring }: Snapshot): Stamps {
  return Object.fromEntries(wanted.map(({ key }) => [key, keyring?.keyring.keys[key]?.target]));
}

function stamp({ kind, name, resourceVersion }: Workload, stamps: Stamps): Stamp {
  const what = Object.entries(stamps).map(([key, generation]) => `${key} ${generation}`);
  const message = `restarted for ${what.join(' and ')}`;
  return {
    kind: 'Stamp',
    workload: { kind, name, resourceVersion },
    stamps,
    notices: [{ type: 'Normal', reason: 'Restarted', message: `${workloadId({ kind, name })} ${message}` }],
  };
}

/** The keyring has one resourceVersion: a second write of it waits for the next pass. */
function others(progress: readonly Progress[]): Action[] {
  const wanted = progress.flatMap(({ actions }) => actions);
  const write = wanted.find(({ kind }) => kind === 'WriteKeyring');
  return wanted.filter((action) => action.kind !== 'WriteKeyring' || action === write);
}

function leastAdvanced(found: readonly Phase[]): Phase {
  return phases.find((phase) => found.includes(phase)) ?? 'Stable';
}
