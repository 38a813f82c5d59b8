/** From the two Secrets of the API to what deciding knows about them. Pure. */
import { keyNames, keyringEntry, parseKeyring, type Identity, type KeyName } from '../../shared/credential/keyring.ts';
import { secretEntry, type ManagedFieldsEntry, type Secret } from '../../shared/kube/objects.ts';
import { annotationPrefix } from '../model/names.ts';
import type { BootstrapSecret, KeyringSecret } from '../model/snapshot.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const renderMark = `${annotationPrefix}rendered`;

/** An empty key counts as missing, as it does for the programs that read it. */
export function bootstrapOf(secret: Secret): BootstrapSecret {
  const found = keyNames.flatMap((key): [KeyName, string][] => {
    const value = secretEntry(secret, key);
    return value ? [[key, value]] : [];
  });
  const editors = keyNames.flatMap((key): [KeyName, string][] => {
    const manager = lastManager(secret.metadata.managedFields ?? [], key);
    return manager === undefined ? [] : [[key, manager]];
  });
  return {
    resourceVersion: secret.metadata.resourceVersion,
    values: Object.fromEntries(found),
    editedBy: Object.fromEntries(editors),
    identity: identityOf(secret),
  };
}

/** Throws a KeyringError where the document cannot be read. */
export function keyringOf(secret: Secret): KeyringSecret {
  return {
    resourceVersion: secret.metadata.resourceVersion,
    keyring: parseKeyring(secretEntry(secret, keyringEntry) ?? ''),
  };
}

/** Without what speaks of values: the last applied configuration holds them, the render mark is made from them. */
function identityOf({ type = 'Opaque', metadata }: Secret): Identity {
  const { [lastApplied]: _values, [renderMark]: _mark, ...annotations } = metadata.annotations ?? {};
  return { type, labels: metadata.labels ?? {}, annotations };
}

function lastManager(entries: readonly ManagedFieldsEntry[], key: KeyName): string | undefined {
  const owners = entries.filter(({ fieldsV1 }) => {
    const data = fieldsV1?.['f:data'];
    return typeof data === 'object' && data !== null && `f:${key}` in data;
  });
  return owners.toSorted((left, right) => (left.time ?? '').localeCompare(right.time ?? '')).at(-1)?.manager;
}
