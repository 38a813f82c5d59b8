/** From the Secrets of the API to what deciding knows about them. Pure. */
import {
  keyringEntry,
  keysOf,
  KeyringError,
  parseKeyring,
  type Identity,
  type KeyName,
  type SourceName,
} from '../../shared/credential/keyring.ts';
import { isBlindRender, renderMarkAnnotation } from '../../shared/credential/render-mark.ts';
import { lastAppliedAnnotation, secretEntry, type ManagedFieldsEntry, type Secret } from '../../shared/kube/objects.ts';
import { annotationPrefix, operatorAnnotation } from '../model/names.ts';
import type { Release } from '../model/release.ts';
import { requestNames, type Requests, type Snapshot, type SourceSecret } from '../model/snapshot.ts';
import { ownershipOf } from './ownership.ts';
import { isExternal } from './releases.ts';

type Values = SourceSecret['values'];

/** They speak of values, of who serves the release now, or ask for something once: a Secret that is put back must not come back with them. */
const passing = new Set([lastAppliedAnnotation, renderMarkAnnotation, operatorAnnotation, ...['pause', ...requestNames].map((name) => annotationPrefix + name)]);

/** An empty key counts as missing, as it does for the programs that read it. */
export function sourceSecretOf(source: SourceName, secret: Secret, release: Release): SourceSecret {
  const { metadata } = secret;
  const keys: readonly KeyName[] = keysOf[source];
  const perKey = (of: (entry: string) => string | undefined): Values =>
    Object.fromEntries(keys.map((key) => [key, of(release.entries[key])]).filter(([, found]) => found));
  const values = perKey((entry) => secretEntry(secret, entry));
  const external = isExternal(source, metadata, release);
  const mark = metadata.annotations?.[renderMarkAnnotation];
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    values,
    editedBy: perKey((entry) => lastManager(metadata.managedFields ?? [], entry)),
    identity: identityOf(secret),
    createdAt: Date.parse(metadata.creationTimestamp ?? ''),
    external,
    isBlindRender: isBlindRender(mark, { source, release: release.name, values }),
    hasRenderMark: mark !== undefined,
    ownership: external ? undefined : ownershipOf(secret, release),
    requests: source === 'bootstrap' ? requestsOf(secret) : { pause: false },
  };
}

/** One that cannot be read is said to be so; its document is never repeated. */
export function keyringOf(secret: Secret, { own }: Release): Partial<Pick<Snapshot, 'keyring' | 'brokenKeyring'>> {
  const { resourceVersion, annotations } = secret.metadata;
  const namesAnother = !own && annotations?.[operatorAnnotation] === 'own';
  try {
    const keyring = parseKeyring(secretEntry(secret, keyringEntry) ?? '');
    return { keyring: { resourceVersion, keyring, ...(namesAnother && { namesAnother }) } };
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    return { brokenKeyring: { resourceVersion, why: error.message, ...(error.isNewer && { isNewer: true }) } };
  }
}

/** An empty annotation names nothing. */
function requestsOf({ metadata: { annotations = {} } }: Secret): Requests {
  const named = requestNames.map((name) => [name, annotations[annotationPrefix + name]] as const).filter(([, generation]) => generation);
  return { pause: annotations[`${annotationPrefix}pause`] === 'true', ...Object.fromEntries(named) };
}

function identityOf({ type = 'Opaque', metadata }: Secret): Identity {
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => !passing.has(name));
  return { type, labels: metadata.labels ?? {}, annotations: Object.fromEntries(annotations) };
}

/** A manager's entry has one time for all its fields, so the newest one that owns the field is the likeliest writer. */
function lastManager(entries: readonly ManagedFieldsEntry[], entry: string): string | undefined {
  const owners = entries.filter(({ fieldsV1 }) => [fieldsV1?.['f:data'], fieldsV1?.['f:stringData']].some((fields) => owns(fields, entry)));
  return owners.toSorted((left, right) => (left.time ?? '').localeCompare(right.time ?? '')).at(-1)?.manager;
}

const owns = (fields: unknown, entry: string): boolean => typeof fields === 'object' && fields !== null && `f:${entry}` in fields;
