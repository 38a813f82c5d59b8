/**
 * Brings the source Secrets and the keyring to agree: adopts, records edits, puts back what must not stay. No restart
 * happens here. Where the two cannot agree now, the key is held: nothing moves and nothing is retired meanwhile.
 */
import { keyNames, sourceNames, sourceOf, type KeyName, type SourceName } from '../../shared/credential/keyring.ts';
import type { Action, WriteSource } from '../model/action.ts';
import type { Draw, KeyStatus } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { putBackRendered, settleKey, type Settlement } from './settle-key.ts';

export interface Settling {
  /** The writes that are needed, at most one for each Secret; none when they agree. */
  readonly actions: readonly Action[];
  readonly held: Readonly<Partial<Record<KeyName, KeyStatus>>>;
  /** Milliseconds until a held value may be put back. */
  readonly putBackInMs: number | undefined;
}

export function settle(snapshot: Snapshot, now: number, draw: Draw): Settling {
  const each = keyNames.flatMap((key) => {
    const source = snapshot.sources[sourceOf(key)];
    const record = snapshot.keyring?.keyring.keys[key];
    return settleKey({ key, snapshot, source, record, now, draw }) ?? [];
  });
  const settlements = sourceNames.flatMap((name) => putBackTogether(name, each, snapshot));
  const held = settlements.filter((settlement) => 'held' in settlement);
  const waits = held.flatMap(({ putBackInMs }) => putBackInMs ?? []);
  return {
    actions: [...writeKeyring(settlements, snapshot), ...sourceNames.flatMap((name) => writeSource(name, settlements, snapshot))],
    held: Object.fromEntries(held.map(({ key, held: status }) => [key, status])),
    putBackInMs: waits.length > 0 ? Math.min(...waits) : undefined,
  };
}

/**
 * The render mark speaks of all values of a Secret at once: with one of them put back, nobody could tell any more that the
 * others were made up, and they would count as edits. So they go back together, once all are recorded and one of them may.
 */
function putBackTogether(name: SourceName, all: readonly Settlement[], { sources, keyring }: Snapshot): Settlement[] {
  const settlements = all.filter(({ key }) => sourceOf(key) === name);
  const source = sources[name];
  if (!source?.isBlindRender || !settlements.some((settlement) => 'value' in settlement)) return settlements;
  if (settlements.some((settlement) => 'record' in settlement)) return settlements.filter((settlement) => !('value' in settlement));
  return settlements.map((settlement) => {
    const record = keyring?.keyring.keys[settlement.key];
    return 'putBackInMs' in settlement && record ? putBackRendered(settlement.key, source, record) : settlement;
  });
}

function writeKeyring(settlements: readonly Settlement[], { keyring, sources }: Snapshot): Action[] {
  const recorded = settlements.filter((settlement) => 'record' in settlement);
  if (recorded.length === 0) return [];
  const before = keyring?.keyring ?? { keys: {}, history: [] };
  const records = Object.fromEntries(recorded.map(({ key, record }) => [key, record]));
  const identities = Object.fromEntries(Object.entries(sources).map(([name, { identity }]) => [name, identity]));
  return [
    {
      kind: 'WriteKeyring',
      resourceVersion: keyring?.resourceVersion,
      keyring: { ...before, identities: { ...before.identities, ...identities }, keys: { ...before.keys, ...records } },
      notices: recorded.map(({ notice }) => notice),
    },
  ];
}

function writeSource(name: SourceName, settlements: readonly Settlement[], { keyring, sources }: Snapshot): WriteSource[] {
  const putBack = settlements.filter((settlement) => 'value' in settlement).filter(({ key }) => sourceOf(key) === name);
  if (putBack.length === 0) return [];
  return [
    {
      kind: 'WriteSource',
      source: name,
      resourceVersion: sources[name]?.resourceVersion,
      identity: keyring?.keyring.identities?.[name],
      values: Object.fromEntries(putBack.map(({ key, value }) => [key, value])),
      consumed: [],
      dropsMark: putBack.some(({ dropsMark }) => dropsMark === true),
      notices: putBack.map(({ notice }) => notice),
    },
  ];
}
