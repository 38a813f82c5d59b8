/** Brings the two Secrets to agree: adopts, records edits, puts back what must not stay. No restart happens here. */
import {
  keyNames,
  targetOf,
  type Generation,
  type KeyName,
  type KeyRecord,
  type Origin,
} from '../../shared/credential/keyring.ts';
import type { Action, Notice } from '../model/action.ts';
import type { Draw } from '../model/plan.ts';
import type { BootstrapSecret, Snapshot } from '../model/snapshot.ts';
import { judge } from './judge.ts';

/** What one key needs: a new record in the keyring, or a value put into the bootstrap Secret. */
type Settlement =
  | { readonly key: KeyName; readonly record: KeyRecord; readonly notice: Notice }
  | { readonly key: KeyName; readonly value: string; readonly notice: Notice };

/** Returns the writes that are needed, at most one for each Secret; none when the two agree. */
export function settle(snapshot: Snapshot, now: number, draw: Draw): Action[] {
  const { bootstrap, keyring } = snapshot;
  const settlements = keyNames.flatMap((key) => settleKey(key, snapshot, now, draw) ?? []);
  const recorded = settlements.filter((settlement) => 'record' in settlement);
  const putBack = settlements.filter((settlement) => 'value' in settlement);
  const actions: Action[] = [];
  if (recorded.length > 0) {
    const before = keyring?.keyring ?? { keys: {}, history: [] };
    const identity = bootstrap && { identity: bootstrap.identity };
    const records = Object.fromEntries(recorded.map(({ key, record }) => [key, record]));
    actions.push({
      kind: 'WriteKeyring',
      resourceVersion: keyring?.resourceVersion,
      keyring: { ...before, ...identity, keys: { ...before.keys, ...records } },
      notices: recorded.map(({ notice }) => notice),
    });
  }
  if (putBack.length > 0) {
    actions.push({
      kind: 'WriteBootstrap',
      resourceVersion: bootstrap?.resourceVersion,
      identity: keyring?.keyring.identity,
      values: Object.fromEntries(putBack.map(({ key, value }) => [key, value])),
      notices: putBack.map(({ notice }) => notice),
    });
  }
  return actions;
}

function settleKey(key: KeyName, snapshot: Snapshot, now: number, draw: Draw): Settlement | undefined {
  const { bootstrap } = snapshot;
  const record = snapshot.keyring?.keyring.keys[key];
  const value = bootstrap?.values[key];
  if (bootstrap === undefined || value === undefined) return fillGap(key, record, draw);
  if (!record) {
    const generation = newGeneration('adopted', key, value, bootstrap, now, draw);
    const notice = normal('Adopted', `${key}: the present value is generation ${generation.name}`);
    return { key, record: adopt(generation), notice };
  }
  const target = targetOf(record);
  if (value === target.value) return undefined;
  const judgement = judge({ value, others: otherValues(key, bootstrap), record });
  if (judgement.verdict === 'putBack') {
    const notice = warning('PutBack', `${key}: the new value was not taken, because ${judgement.because}`);
    return { key, value: target.value, notice };
  }
  const generation = newGeneration('edited', key, value, bootstrap, now, draw);
  const by = generation.editedBy === undefined ? '' : ` by ${generation.editedBy}`;
  const notice = normal('RotationStarted', `${key}: edited${by}; rolling out generation ${generation.name}`);
  return { key, record: retarget(record, generation), notice };
}

/** A missing key gets its target back; where none was ever recorded, a generated value. */
function fillGap(key: KeyName, record: KeyRecord | undefined, draw: Draw): Settlement {
  return record
    ? { key, value: targetOf(record).value, notice: warning('PutBack', `${key} was missing and was put back`) }
    : { key, value: draw.value(), notice: warning('Generated', `${key} was missing and was generated`) };
}

function newGeneration(
  origin: Origin,
  key: KeyName,
  value: string,
  { resourceVersion, editedBy }: BootstrapSecret,
  now: number,
  draw: Draw,
): Generation {
  return {
    name: draw.name(),
    value,
    recordedFrom: resourceVersion,
    recordedAt: new Date(now).toISOString(),
    origin,
    ...(editedBy[key] !== undefined && { editedBy: editedBy[key] }),
  };
}

/** Nothing was proved about earlier values, so verifiers must not forget what they have seen: committed from nowhere. */
function adopt(generation: Generation): KeyRecord {
  const { name } = generation;
  return { accepted: [generation], retired: [], target: name, committed: name, committedFrom: '0' };
}

/** The newest edit is the target; everything older stays accepted until no pod holds it. */
function retarget({ repairs: _ended, ...record }: KeyRecord, generation: Generation): KeyRecord {
  return { ...record, accepted: [...record.accepted, generation], target: generation.name };
}

function otherValues(key: KeyName, { values }: BootstrapSecret): string[] {
  return keyNames.flatMap((other) => (other === key ? [] : (values[other] ?? [])));
}

const normal = (reason: Notice['reason'], message: string): Notice => ({ type: 'Normal', reason, message });
const warning = (reason: Notice['reason'], message: string): Notice => ({ type: 'Warning', reason, message });
