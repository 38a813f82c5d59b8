/**
 * What a live verifier accepts:
 *
 *     ( bootstrap value  ∪  keyring.accepted  ∪  sightings )  −  keyring.retired        valid values only
 *
 * Pure: the state goes in, the next state comes out. The verifier keeps one state and feeds it what it reads.
 */
import type { KeyRecord } from './keyring.ts';
import { compareResourceVersions } from '../resource-version.ts';
import { whyInvalid } from './validation.ts';

/** A value that the verifier saw in the bootstrap Secret. */
export interface Sighting {
  readonly value: string;
  /** resourceVersion of the last bootstrap write in which it was seen. */
  readonly seenAt: string;
}

export interface VerifierState {
  /** Oldest first. The newest one is what the bootstrap Secret holds. */
  readonly sightings: readonly Sighting[];
  readonly record: KeyRecord | undefined;
}

/** One accepted value; `generation` is undefined while the keyring has no name for it. */
export interface AcceptedValue {
  readonly value: string;
  readonly generation: string | undefined;
}

/**
 * Of more, the first and the newest are remembered: whoever was not restarted since the first holds that one. A renderer
 * that makes up a value every three minutes gets here in two days without an operator.
 */
export const maxSightings = 1_000;

export const blankVerifierState: VerifierState = { sightings: [], record: undefined };

/**
 * The bootstrap Secret was read, with this value of the key (undefined: the key is missing). A read that a newer one has
 * overtaken takes its place before it: its value may be in use all the same.
 */
export function sawBootstrap(state: VerifierState, value: string | undefined, resourceVersion: string): VerifierState {
  if (value === undefined) return state;
  const others = state.sightings.filter((sighting) => sighting.value !== value);
  const known = state.sightings.find((sighting) => sighting.value === value)?.seenAt ?? '';
  const seenAt = compareResourceVersions(known, resourceVersion) > 0 ? known : resourceVersion;
  const sightings = [...others, { value, seenAt }];
  return forget({ ...state, sightings: sightings.toSorted((a, b) => compareResourceVersions(a.seenAt, b.seenAt)) });
}

/** The keyring was read (undefined: it is gone; the last known one stays in force). */
export function sawKeyring(state: VerifierState, record: KeyRecord | undefined): VerifierState {
  return forget({ ...state, record: record ?? state.record });
}

/** Every accepted value, oldest first, named where the keyring has a name. */
export function acceptedValues(state: VerifierState): AcceptedValue[] {
  const retired = new Set(state.record?.retired.map(({ value }) => value));
  const named = new Map(state.record?.accepted.map(({ value, name }) => [value, name]));
  const values = new Set([...named.keys(), ...state.sightings.map(({ value }) => value)]);
  return [...values]
    .filter((value) => !retired.has(value) && (named.has(value) || whyInvalid(value) === undefined))
    .map((value) => ({ value, generation: named.get(value) }));
}

/**
 * A sighting is forgotten only when a generation recorded from the same or a later bootstrap write is committed.
 * By resourceVersion, not by value: a value can come back. The newest sighting is the Secret's present value and stays.
 */
function forget(state: VerifierState): VerifierState {
  const committedFrom = state.record?.committedFrom;
  const newest = state.sightings.length - 1;
  const sightings = state.sightings.filter(
    ({ seenAt }, index) =>
      index === newest || committedFrom === undefined || compareResourceVersions(seenAt, committedFrom) > 0,
  );
  if (sightings.length > maxSightings) sightings.splice(1, sightings.length - maxSightings);
  return { ...state, sightings };
}
