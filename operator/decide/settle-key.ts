/** What one key needs so that its source Secret and the keyring agree. */
import {
  keysOf,
  sourceOf,
  targetOf,
  type Generation,
  type KeyName,
  type KeyRecord,
  type Origin,
} from '../../shared/credential/keyring.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';
import type { Notice } from '../model/action.ts';
import { isHelm } from '../model/names.ts';
import type { Draw, KeyStatus } from '../model/plan.ts';
import type { Snapshot, SourceSecret } from '../model/snapshot.ts';
import { contestedAgain, putBackLeftMs } from './contest.ts';
import { holdable } from './holdable.ts';
import { becauseMadeUp, judge } from './judge.ts';
import { normal, warning } from './notice.ts';

/** A new record in the keyring, a value put into the source Secret, or patience. */
export type Settlement = { readonly key: KeyName } & (
  | { readonly record: KeyRecord; readonly notice: Notice }
  | { readonly value: string; readonly notice: Notice; readonly dropsMark?: true }
  | { readonly held: KeyStatus; readonly putBackInMs?: number }
);

/** One key, and all that settling it may know. */
export interface Unsettled {
  readonly key: KeyName;
  readonly snapshot: Snapshot;
  readonly source: SourceSecret | undefined;
  readonly record: KeyRecord | undefined;
  readonly now: number;
  readonly draw: Draw;
}

export function settleKey(found: Unsettled): Settlement | undefined {
  const { key, source, record } = found;
  const value = source?.values[key];
  if (source === undefined || value === undefined) return fillMissing(found);
  if (!record) return adopt(found, source, value);
  if (value === targetOf(record).value) return countAnew(found, source, record);
  return settleValue(found, source, record, value);
}

/** Versions of another etcd, as after a restore into a new cluster, would make verifiers forget every value but the newest at once. */
function countAnew({ key }: Unsettled, { resourceVersion }: SourceSecret, record: KeyRecord): Settlement | undefined {
  if (compareResourceVersions(resourceVersion, record.committedFrom) >= 0) return undefined;
  const message = `${key}: the Secret's versions have begun anew, as in another cluster; nothing that was seen in it is forgotten before the next rotation ends`;
  return { key, record: { ...record, committedFrom: '0' }, notice: normal('Adopted', message) };
}

function settleValue(found: Unsettled, source: SourceSecret, record: KeyRecord, value: string): Settlement {
  const { key, snapshot } = found;
  const { isBlindRender, hasRenderMark, editedBy, external } = source;
  const isByHelm = !external && isHelm(editedBy[key]);
  const judgement = judge({ value, others: otherValues(key, source), record, isBlindRender, hasRenderMark, isByHelm, unwanted: whyUnwanted(key, snapshot) });
  if (judgement.verdict === 'putBack') return putBack(key, source, record, judgement.because);
  return outcomes[judgement.verdict](found, source, record, value);
}

function recordEdit(found: Unsettled, source: SourceSecret, record: KeyRecord, value: string): Settlement {
  const { key } = found;
  const generation = newGeneration('edited', value, source, found);
  const by = generation.editedBy === undefined ? '' : ` by ${generation.editedBy}`;
  const notice = normal('RotationStarted', `${key}: edited${by}; rolling out generation ${generation.name}`);
  // Repairs are counted from one target to the next.
  const { repairs: _ended, ...lasting } = record;
  return { key, record: { ...withAccepted(found, lasting, generation), target: generation.name }, notice };
}

function recordRendered(found: Unsettled, source: SourceSecret, record: KeyRecord, value: string): Settlement {
  const { key, now } = found;
  const generation = newGeneration('rendered', value, source, found);
  const contested = contestedAgain(record, now, generation.editedBy);
  const message = `${key}: ${generation.editedBy ?? 'a renderer'} wrote a value that it made up; ${contestAdvice}`;
  return { key, record: { ...withAccepted(found, record, generation), contest: contested }, notice: warning('Contested', message) };
}

function contest({ key, now }: Unsettled, source: SourceSecret, record: KeyRecord): Settlement {
  const leftMs = putBackLeftMs(record, now);
  if (leftMs > 0) return { key, held: { phase: 'Contested', waitingFor: [whyContested(record, leftMs)] }, putBackInMs: leftMs };
  return putBackRendered(key, source, record);
}

/** Whatever the time. */
export const putBackRendered = (key: KeyName, source: SourceSecret, record: KeyRecord): Settlement => ({
  ...putBack(key, source, record, becauseMadeUp),
  dropsMark: true,
});

const outcomes = { contested: contest, rendered: recordRendered, edit: recordEdit } as const;

const contestAdvice =
  'let the operator generate the Secret (bootstrap.generator=operator), or take the value with `kure-bootstrap accept`';

function whyContested({ contest: made }: KeyRecord, leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  return `${seconds} s until the target is put back: ${made?.by ?? 'a renderer'} made up a value ${made?.count ?? 1} times; ${contestAdvice}`;
}

/** One that knows only its environment would lose what is stored under the old key. */
function whyUnwanted(key: KeyName, { workloads }: Snapshot): string | undefined {
  if (key !== 'encryption-key') return undefined;
  const single = workloads.find(({ role, verify, reads }) => role === 'verifier' && verify === 'single' && reads.includes(key));
  return single && `${single.name} knows one key only and could not read what is stored`;
}

/** A Secret that belongs to somebody else is never written: what it should hold is said instead. */
function putBack(key: KeyName, source: SourceSecret, record: KeyRecord, because: string): Settlement {
  if (source.external) return rejected(key, because);
  return { key, value: targetOf(record).value, notice: warning('PutBack', `${key}: the new value was put back, because ${because}`) };
}

const rejected = (key: KeyName, because: string): Settlement => ({
  key,
  held: { phase: 'Rejected', waitingFor: [`${key} to be changed at its source: ${because}`] },
});

/** Milliseconds in which whoever has deleted a Secret may make it anew, as `kubectl replace --force` does within a second. */
const replacementMs = 2_000;

/**
 * A missing key gets its target back; where none was ever recorded, a generated value. An encryption key is never made up:
 * what is stored could not be read with it. While nothing reads the key the release is on its way out or not there yet.
 */
function fillMissing({ key, source, record, snapshot, now, draw }: Unsettled): Settlement | undefined {
  if (!snapshot.workloads.some(({ reads }) => reads.includes(key))) return undefined;
  if (source?.external || snapshot.awaited.includes(sourceOf(key))) return rejected(key, 'it is missing');
  const leftMs = (snapshot.missingSince?.[sourceOf(key)] ?? -Infinity) + replacementMs - now;
  if (record && leftMs > 0) return { key, held: { phase: 'Debouncing', waitingFor: ['whoever has deleted the Secret to make it anew'] }, putBackInMs: leftMs };
  if (record) return { key, value: targetOf(record).value, notice: warning('PutBack', `${key} was missing and was put back`) };
  if (key === 'encryption-key') return undefined;
  return { key, value: draw.value(key), notice: warning('Generated', `${key} was missing and was generated`) };
}

/**
 * Nothing was proved about earlier values, so verifiers must not forget what they have seen: committed from nowhere. Pods
 * that are older than the Secret hold a value that nobody knows: they have to move, as in a rotation.
 */
function adopt(found: Unsettled, source: SourceSecret, value: string): Settlement {
  const { key, snapshot, draw } = found;
  const generation = newGeneration('adopted', value, source, found);
  const { name } = generation;
  const record = { accepted: [generation], retired: [], target: name, committedFrom: '0' };
  const isOlder = ({ reads, startedAt }: Snapshot['pods'][number]) =>
    reads.includes(key) && startedAt !== undefined && startedAt < source.createdAt;
  const older = key === 'encryption-key' ? undefined : snapshot.pods.find(isOlder);
  if (!older) {
    return { key, record: { ...record, committed: name }, notice: normal('Adopted', `${key}: the present value is generation ${name}`) };
  }
  const message = `${key}: pod ${older.name} is older than the Secret and holds an unknown value; rolling out generation ${name}`;
  return { key, record: { ...record, committed: draw.name() }, notice: warning('RotationStarted', message) };
}

function newGeneration(
  origin: Origin,
  value: string,
  { resourceVersion, editedBy }: SourceSecret,
  { key, now, draw }: Unsettled,
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

/** The record with one more accepted generation; the older ones stay accepted until no pod holds them. */
function withAccepted({ key, snapshot, now }: Unsettled, record: KeyRecord, generation: Generation): KeyRecord {
  const replacedAt = new Date(now).toISOString();
  const isInForce = ({ name }: Generation) => name === record.target;
  const older = record.accepted.map((it) => ({ ...it, replacedAt: isInForce(it) ? replacedAt : (it.replacedAt ?? replacedAt) }));
  const next = { ...record, accepted: [...older, generation] };
  return { ...next, accepted: holdable(key, next, snapshot, now) };
}

function otherValues(key: KeyName, { values }: SourceSecret): string[] {
  return keysOf[sourceOf(key)].flatMap((other) => (other === key ? [] : (values[other] ?? [])));
}
