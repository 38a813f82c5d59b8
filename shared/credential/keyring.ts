/**
 * The keyring: the record of what is accepted, what is being rolled out and what was retired.
 * It lives in the Secret `<release>-keyring`, which only the operator writes and live verifiers read.
 *
 *     edit ──► accepted: [A, B]   target B, committed A      the overlap
 *              accepted: [B]      target B, committed A      A is retired: verifiers must attest it
 *              accepted: [B]      target B, committed B      a fixed point
 */

/** The keys that the operator rotates, by the Secret that people edit. */
export const keysOf = {
  bootstrap: ['service-token', 'session-secret'],
  encryption: ['encryption-key'],
} as const;
export type SourceName = keyof typeof keysOf;
export type KeyName = (typeof keysOf)[SourceName][number];
export const sourceNames = Object.keys(keysOf) as SourceName[];
export const keyNames: readonly KeyName[] = Object.values(keysOf).flat();

export const sourceOf = (key: KeyName): SourceName => (key === 'encryption-key' ? 'encryption' : 'bootstrap');

/** How a value came into the keyring; `rendered`: a renderer that could not see the cluster made it up. */
export type Origin = 'adopted' | 'edited' | 'rendered';

/** One recorded value of one key. The name is public, the value is not. */
export interface Generation {
  readonly name: string;
  readonly value: string;
  /** resourceVersion of the source Secret that the value was read from. */
  readonly recordedFrom: string;
  /** RFC 3339. */
  readonly recordedAt: string;
  readonly origin: Origin;
  /** Field manager of the edit, as `metadata.managedFields` names it. */
  readonly editedBy?: string;
  /** When the source Secret was first seen without it, RFC 3339; absent while it is there. */
  readonly replacedAt?: string;
}

export interface RetiredGeneration {
  readonly name: string;
  readonly value: string;
  /** RFC 3339. */
  readonly retiredAt: string;
}

/** A pod that is evicted because it uses an older generation although it carries the target's stamp. */
export interface Repair {
  readonly uid: string;
  /** `Kind/name` of its workload. */
  readonly owner: string;
}

export interface KeyRecord {
  /** Oldest first; holds the target, and while the two differ also the committed generation. */
  readonly accepted: readonly Generation[];
  /** The last ten, newest last. */
  readonly retired: readonly RetiredGeneration[];
  /** Name of the generation that is being rolled out. */
  readonly target: string;
  /** Name of the generation that was last rolled out completely. */
  readonly committed: string;
  /**
   * `recordedFrom` of the committed generation, or of a value made up after it that has ended: sightings up to this write
   * of the source Secret may be forgotten.
   */
  readonly committedFrom: string;
  /** Since the target was recorded; absent where none was needed. */
  readonly repairs?: readonly Repair[];
  /** Values that a renderer made up, one soon after the other: each is put back later than the one before. */
  readonly contest?: Contest;
}

export interface Contest {
  readonly count: number;
  /** Of the newest one; RFC 3339. */
  readonly lastAt: string;
  /** Field manager that wrote it. */
  readonly by?: string;
}

/** A finished rotation, kept for people. */
export interface HistoryEntry {
  readonly key: KeyName;
  readonly generation: string;
  readonly editedBy?: string;
  readonly startedAt: string;
  readonly committedAt: string;
  /** The workloads that carry it, as `Kind/name`. */
  readonly workloads: readonly string[];
}

/** What makes a source Secret its owner's: needed where it is deleted and must come back as it was. */
export interface Identity {
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Keyring {
  /** Of the source Secrets, when a value was last recorded from them. */
  readonly identities?: Readonly<Partial<Record<SourceName, Identity>>>;
  readonly keys: Readonly<Partial<Record<KeyName, KeyRecord>>>;
  /** Newest last, at most 20. */
  readonly history: readonly HistoryEntry[];
}

/** A rotation runs until the target is committed and the only generation accepted. */
export function isRotating(record: KeyRecord): boolean {
  return record.target !== record.committed || record.accepted.length > 1;
}

/** The generation that is being rolled out; throws a KeyringError for a record that does not hold it. */
export function targetOf(record: KeyRecord): Generation {
  const target = record.accepted.find(({ name }) => name === record.target);
  if (!target) throw new KeyringError(`the keyring does not hold its target ${record.target}`);
  return target;
}

export const maxRetired = 10;
export const maxHistory = 20;

/** The entry of the keyring Secret's `data` that holds the document. */
export const keyringEntry = 'keyring.json';

export class KeyringError extends Error {
  override readonly name = 'KeyringError';
  /** A newer version of the operator wrote it: it is whole, and not ours to replace. */
  readonly isNewer: boolean;

  constructor(message: string, isNewer = false) {
    super(message);
    this.isNewer = isNewer;
  }
}

const documentVersion = 1;

export function serializeKeyring(keyring: Keyring): string {
  return JSON.stringify({ version: documentVersion, ...keyring });
}

/** Reads the document; throws a KeyringError that never contains any part of it. */
export function parseKeyring(text: string): Keyring {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new KeyringError(`the keyring Secret's ${keyringEntry} is not JSON`);
  }
  if (isOfNewerVersion(document)) throw new KeyringError(`the keyring Secret's ${keyringEntry} is of a version that only a newer operator knows`, true);
  if (!isKeyringDocument(document)) throw new KeyringError(`the keyring Secret's ${keyringEntry} has an unknown shape`);
  const { version: _version, ...keyring } = document;
  return keyring;
}

function isOfNewerVersion(document: unknown): boolean {
  return isRecord(document) && typeof document['version'] === 'number' && document['version'] > documentVersion;
}

function isKeyringDocument(document: unknown): document is Keyring & { version: typeof documentVersion } {
  if (!isRecord(document) || document['version'] !== documentVersion || !Array.isArray(document['history'])) return false;
  return isRecord(document['keys']) && Object.values(document['keys']).every(isKeyRecord);
}

function isKeyRecord(record: unknown): record is KeyRecord {
  return (
    isRecord(record) &&
    isListOfNamedValues(record['accepted']) &&
    isListOfNamedValues(record['retired']) &&
    record['accepted'].some(({ name }) => name === record['target']) &&
    typeof record['committed'] === 'string' &&
    typeof record['committedFrom'] === 'string' &&
    (record['repairs'] === undefined || Array.isArray(record['repairs']))
  );
}

function isListOfNamedValues(list: unknown): list is readonly Pick<Generation, 'name' | 'value'>[] {
  return (
    Array.isArray(list) &&
    list.every((item) => isRecord(item) && typeof item['name'] === 'string' && typeof item['value'] === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
