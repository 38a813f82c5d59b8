/** Writes the Secrets: every write is a compare-and-swap on the version that was judged, or a creation. */
import { keyringEntry, serializeKeyring, type KeyName } from '../../shared/credential/keyring.ts';
import { renderMarkAnnotation } from '../../shared/credential/render-mark.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { KubeError, remedyFor } from '../../shared/kube/kube-error.ts';
import { collectionPath, encodeEntry, objectPath, type Secret } from '../../shared/kube/objects.ts';
import type { Disown, WriteKeyring, WriteSource } from '../model/action.ts';
import { annotationPrefix, operatorAnnotation, ownLabels, secretLabel } from '../model/names.ts';
import { sourceSecretName, type Release } from '../model/release.ts';

export interface Destination {
  readonly client: KubeClient;
  readonly release: Release;
  /** Is given the API server's answer to each write of a Secret, so that nothing needs to wait for the watch. */
  readonly wrote: (secret: Secret) => void;
}

export async function writeKeyring({ resourceVersion, keyring }: WriteKeyring, to: Destination): Promise<void> {
  const { keyringSecret: name, name: release, own } = to.release;
  const labels = { ...ownLabels(release), [secretLabel]: 'keyring' };
  const data = { [keyringEntry]: encodeEntry(serializeKeyring(keyring)) };
  if (resourceVersion === undefined) await create(to, { type: 'Opaque', metadata: { name, labels, ...(own && { annotations: { [operatorAnnotation]: 'own' } }) }, data });
  else await merge(to, name, { metadata: { resourceVersion, labels, annotations: { [operatorAnnotation]: own ? 'own' : null } }, data });
}

/** Values, and in the same write the end of the requests that it carries out. */
export async function writeSource(action: WriteSource, to: Destination): Promise<void> {
  const { source, resourceVersion, values, consumed, dropsMark, identity } = action;
  const { release } = to;
  const name = sourceSecretName(source, release);
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [release.entries[key as KeyName], encodeEntry(value)]),
  );
  if (resourceVersion === undefined) {
    const { type = 'Opaque', labels = ownLabels(release.name), annotations = {} } = identity ?? {};
    const marked = { ...annotations, ...(release.own && { [operatorAnnotation]: 'own' }) };
    await create(to, { type, metadata: { name, labels: { ...labels, [secretLabel]: source }, annotations: marked }, data });
    return;
  }
  const ended = [...consumed.map((request) => annotationPrefix + request), ...(dropsMark ? [renderMarkAnnotation] : [])];
  const annotations = Object.fromEntries(ended.map((annotation) => [annotation, null]));
  await merge(to, name, {
    metadata: { resourceVersion, ...(ended.length > 0 && { annotations }) },
    ...(Object.keys(data).length > 0 && { data }),
  });
}

/** A merge patch cannot shorten a list of owners; replacing the version makes the server compare it. */
export async function disown({ source, resourceVersion, ownership }: Disown, to: Destination): Promise<void> {
  const { client, release, wrote } = to;
  const path = objectPath('secrets', release.namespace, sourceSecretName(source, release));
  const operations = [
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/metadata/managedFields', value: ownership.cleaned },
  ];
  wrote(await client.patch<Secret>(path, 'json', operations));
}

async function merge({ client, release, wrote }: Destination, name: string, patch: unknown): Promise<void> {
  wrote(await client.patch<Secret>(objectPath('secrets', release.namespace, name), 'merge', patch));
}

interface NewSecret {
  readonly type: string;
  readonly metadata: Pick<Secret['metadata'], 'name' | 'labels' | 'annotations'>;
  readonly data: Readonly<Record<string, string>>;
}

async function create(to: Destination, secret: NewSecret): Promise<void> {
  const { client, release, wrote } = to;
  const body = { apiVersion: 'v1', kind: 'Secret', ...secret };
  try {
    wrote(await client.create<Secret>(collectionPath('secrets', release.namespace), body));
  } catch (error) {
    const isHidden = remedyFor(error) === 'conflict' && !release.own && (await lacksLabel(to, secret));
    throw isHidden ? hidden(secret, release) : error;
  }
}

/** An operator of cluster scope sees Secrets with the label only; `kubectl replace` leaves one without it. */
async function lacksLabel({ client, release }: Destination, { metadata: { name } }: NewSecret): Promise<boolean> {
  const { items } = await client.get<{ items: Secret[] }>(collectionPath('secrets', release.namespace), { fieldSelector: `metadata.name=${name}` });
  return items.some(({ metadata }) => metadata.labels?.[secretLabel] === undefined);
}

const hidden = ({ metadata: { name, labels } }: NewSecret, { namespace }: Release): KubeError =>
  new KubeError(
    `the Secret ${name} has no label ${secretLabel}, by which it is found: kubectl label --overwrite secret ${name} -n ${namespace} ${secretLabel}=${labels?.[secretLabel]}`,
    422,
    'Unlabelled',
  );
