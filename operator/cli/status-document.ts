/** The ConfigMap `<release>-rotation` as the operator writes it for people: names, counts and times, no value. */
import { phases } from '../../shared/contract/phases.ts';
import { sourceOf, type KeyName, type SourceName } from '../../shared/credential/keyring.ts';
import type { KubeObject } from '../../shared/kube/objects.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';
import type { StatusDocument } from '../act/status-document.ts';
import { CommandError } from './exit.ts';

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export type KeyView = NonNullable<StatusDocument['keys'][KeyName]>;
export type WorkloadView = StatusDocument['workloads'][number];

export interface RotationStatus extends StatusDocument {
  /** resourceVersions of the source Secrets that it speaks of; empty for one that does not exist. */
  readonly sources: Readonly<Record<SourceName, string>>;
  /** When anything in it last changed, RFC 3339. */
  readonly writtenAt: string;
}

/** Throws a CommandError for one that this version cannot read. */
export function readDocument({ metadata, data = {} }: ConfigMap): RotationStatus {
  const phase = phases.find((known) => known === data['phase']);
  const document = parse(data['status.json']);
  if (phase === undefined || document === undefined) {
    throw new CommandError(
      'failure',
      `the ConfigMap ${metadata.name} was not written by this version's operator: use the command line of the operator's own version`,
    );
  }
  const { bootstrapResourceVersion: bootstrap = '', encryptionResourceVersion: encryption = '', writtenAt = '' } = data;
  return { ...nothing, ...document, phase, sources: { bootstrap, encryption }, writtenAt };
}

/** For what an older operator leaves out. */
const nothing = { failures: [], requests: {}, waitingFor: [], keys: {}, workloads: [], otherHolders: [], moreHolders: 0, history: [] } as const;

function parse(text: string | undefined): Partial<StatusDocument> | undefined {
  try {
    return JSON.parse(text ?? '') as Partial<StatusDocument>;
  } catch {
    return undefined;
  }
}

/** Whether it was decided from this write of the Secret or a later one: one from before may still say Stable. */
export const speaksOf = (status: RotationStatus, source: SourceName, resourceVersion: string): boolean =>
  compareResourceVersions(status.sources[source], resourceVersion) >= 0;

/** The rotation of the key that this write began is over. In a pass that has just found an edit, its key is Stable still. */
export const isOver = (status: RotationStatus, key: KeyName, resourceVersion: string): boolean =>
  status.keys[key]?.phase === 'Stable' && status.phase !== 'Debouncing' && speaksOf(status, sourceOf(key), resourceVersion);

/** A sentence each. */
export const allWaitingFor = ({ waitingFor, keys }: RotationStatus): string[] => [
  ...waitingFor,
  ...Object.values(keys).flatMap((key) => key.waitingFor ?? []),
];

/** The generations that end with the rotation. */
export const olderGenerations = ({ accepted, target }: KeyView): KeyView['accepted'] =>
  accepted.filter(({ name }) => name !== target);
