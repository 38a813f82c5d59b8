/** What a release looks like in the end, without anything that differs from run to run: names, versions, times. */
import { keyNames, type KeyName, type Keyring, type KeyRecord } from '../../../shared/credential/keyring.ts';
import { secretEntry } from '../../../shared/kube/objects.ts';
import type { FakeRelease, WorkloadObject } from './fake-release.ts';
import { encryptionName, secretName } from './manifests.ts';
import type { ReleaseInside } from './release-inside.ts';
import { letterOf } from './values.ts';

export type EndState = Readonly<Record<string, unknown>>;

export async function endStateOf(release: FakeRelease, inside: ReleaseInside): Promise<EndState> {
  const keyring = await release.keyring();
  const status = await release.status();
  const workloads = await release.workloads();
  return {
    phase: status?.data.phase,
    keys: Object.fromEntries(keyNames.flatMap((key) => keyState(keyring?.keys[key], key))),
    // Two keys that were edited together may end in either order.
    history: (keyring?.history ?? []).map(({ key, generation }) => `${key} ${letterOfGeneration(keyring, key, generation)}`).toSorted(),
    secrets: { [secretName]: await secretState(release, secretName), [encryptionName]: await secretState(release, encryptionName) },
    stamps: Object.fromEntries(Object.entries(workloads).map(([name, workload]) => [name, stampState(workload, keyring)])),
    pods: inside.held(),
  };
}

function keyState(record: KeyRecord | undefined, key: KeyName): [string, object][] {
  if (!record) return [];
  const state = {
    accepted: record.accepted.map(({ value, origin }) => `${letterOf(value)} ${origin}`),
    retired: record.retired.map(({ value }) => letterOf(value)),
    target: letterOf(record.accepted.find(({ name }) => name === record.target)?.value),
    isCommitted: record.target === record.committed,
  };
  return [[key, state]];
}

async function secretState(release: FakeRelease, name: string) {
  const secret = await release.secret(name);
  if (!secret) return 'missing';
  const { labels = {}, annotations = {}, managedFields = [] } = secret.metadata;
  return {
    values: Object.keys(secret.data ?? {}).toSorted().map((key) => `${key} ${letterOf(secretEntry(secret, key))}`),
    labels: Object.keys(labels).toSorted(),
    annotations: Object.keys(annotations).toSorted(),
    owners: managedFields.filter(({ fieldsV1 = {} }) => 'f:data' in fieldsV1).map(({ manager = '' }) => manager).toSorted(),
  };
}

function stampState({ spec }: WorkloadObject, keyring: Keyring | undefined): string[] {
  const { annotations = {} } = spec.template.metadata;
  return keyNames.flatMap((key) => {
    const name = annotations[`bootstrap.kure.io/${key}`];
    return name === undefined ? [] : `${key} ${letterOfGeneration(keyring, key, name)}`;
  });
}

function letterOfGeneration(keyring: Keyring | undefined, key: KeyName, name: string): string {
  const record = keyring?.keys[key];
  const known = [...(record?.accepted ?? []), ...(record?.retired ?? [])];
  const found = known.find((generation) => generation.name === name);
  return found ? letterOf(found.value) : 'forgotten';
}
