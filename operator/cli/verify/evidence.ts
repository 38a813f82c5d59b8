/** Everything that `verify` judges, read in one go. Holds values: nothing of it is ever printed but names. */
import { sourceNames, parseKeyring, keyringEntry, type Keyring, type SourceName } from '../../../shared/credential/keyring.ts';
import { objectPath, secretEntry, type Secret } from '../../../shared/kube/objects.ts';
import { sourceSecretName, type Release } from '../../model/release.ts';
import { isServingVerifier, type Answer, type Pod, type Workload } from '../../model/snapshot.ts';
import { ifExists } from '../optional.ts';
import { findReaders } from '../readers.ts';
import { readStatus, type Session } from '../session.ts';
import type { RotationStatus } from '../status-document.ts';
import { askThroughProxy } from './attestation.ts';

export interface Evidence {
  readonly release: Release;
  readonly status: RotationStatus;
  /** Those that exist. */
  readonly sources: Readonly<Partial<Record<SourceName, Secret>>>;
  readonly keyring: Keyring | undefined;
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  /** By pod uid, of every serving verifier. */
  readonly answers: ReadonlyMap<string, Answer>;
}

export async function gatherEvidence(session: Session): Promise<Evidence> {
  const { client, release } = session;
  const status = await readStatus(session);
  const read = (name: string) => ifExists(client.get<Secret>(objectPath('secrets', release.namespace, name)));
  const found = await Promise.all(sourceNames.map(async (source) => [source, await read(sourceSecretName(source, release))] as const));
  const sources: Evidence['sources'] = Object.fromEntries(found.filter(([, secret]) => secret !== undefined));
  const keyring = secretEntry(await read(release.keyringSecret), keyringEntry);
  const readers = await findReaders(client, release);
  const token = secretEntry(sources.bootstrap, release.entries['service-token']);
  const answers = token === undefined ? unasked(readers.pods) : await askThroughProxy(session, readers.pods, token);
  return { release, status, sources, keyring: keyring === undefined ? undefined : parseKeyring(keyring), ...readers, answers };
}

const unasked = (pods: readonly Pod[]): Evidence['answers'] =>
  new Map(pods.filter(isServingVerifier).map(({ uid }) => [uid, { failure: 'there is no service token to ask with' }]));
