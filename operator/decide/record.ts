/** Writes of one key's record, those of a rotation's end above all: older generations are retired, then the target is committed. */
import { maxHistory, maxRetired, targetOf, type KeyRecord } from '../../shared/credential/keyring.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';
import type { Notice, WriteKeyring } from '../model/action.ts';
import { normal } from './notice.ts';
import type { Rotation } from './rotation.ts';

type Recorded = Pick<Rotation, 'key' | 'keyring' | 'record' | 'now'>;

/** Puts `record` in the place of what the keyring has of the key. */
export function writeRecord({ key, keyring }: Recorded, record: KeyRecord, notices: readonly Notice[]): WriteKeyring {
  return {
    kind: 'WriteKeyring',
    resourceVersion: keyring.resourceVersion,
    keyring: { ...keyring.keyring, keys: { ...keyring.keyring.keys, [key]: record } },
    notices,
  };
}

/**
 * Only the target stays accepted. A value that a renderer made up ends without a place among the retired, which are few,
 * unless a person named it as `wanted`: that request is found carried out by it. Verifiers may forget that they have seen it.
 */
export function retireOlder(recorded: Recorded, wanted: string | undefined): WriteKeyring {
  const { key, record, now } = recorded;
  const target = targetOf(record);
  const old = record.accepted.filter(({ name }) => name !== target.name);
  const retiredAt = new Date(now).toISOString();
  // A person's undo gives an older generation's value a new name: the value lives on, only the name ends.
  const ended = old.filter(({ name, value, origin }) => value !== target.value && (origin !== 'rendered' || name === wanted));
  const retired = [...record.retired, ...ended.map(({ name, value }) => ({ name, value, retiredAt }))].slice(-maxRetired);
  const names = old.map(({ name }) => name).join(', ');
  const message = `${key}: retired ${names}; only ${target.name} is accepted`;
  const rendered = old.filter(({ origin }) => origin === 'rendered');
  const committedFrom = newest([record.committedFrom, ...rendered.map(({ recordedFrom }) => recordedFrom)]);
  const next: KeyRecord = { ...record, accepted: [target], retired, committedFrom };
  return writeRecord(recorded, next, [normal('Retired', message)]);
}

/** Ends the rotation; `workloads` are those that carry the target. */
export function commitRecord(recorded: Recorded, workloads: readonly string[]): WriteKeyring {
  const { key, record, keyring, now } = recorded;
  const target = targetOf(record);
  const committed: KeyRecord = { ...record, committed: target.name, committedFrom: newest([record.committedFrom, target.recordedFrom]) };
  const message = `${key}: generation ${target.name} is rolled out and the only one accepted`;
  const write = writeRecord(recorded, committed, [normal('RotationCompleted', message)]);
  const entry = {
    key,
    generation: target.name,
    ...(target.editedBy !== undefined && { editedBy: target.editedBy }),
    startedAt: target.recordedAt,
    committedAt: new Date(now).toISOString(),
    workloads,
  };
  return { ...write, keyring: { ...write.keyring, history: [...keyring.keyring.history, entry].slice(-maxHistory) } };
}

const newest = (versions: readonly string[]): string => versions.toSorted(compareResourceVersions).at(-1) ?? '';
