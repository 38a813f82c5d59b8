/** When a release has come to rest, and why it has not. */
import { keyNames, sourceOf, targetOf, type Keyring, type SourceName } from '../../../shared/credential/keyring.ts';
import { secretEntry, type KubeObject, type Secret } from '../../../shared/kube/objects.ts';
import type { WorkloadObject } from './fake-release.ts';
import type { StatusObject } from './statuses.ts';

/** What has to be seen of a release to tell. */
export interface Observed {
  readonly sources: Readonly<Record<SourceName, string>>;
  secret(name: string): Promise<Secret | undefined>;
  keyring(): Promise<Keyring | undefined>;
  status(): Promise<StatusObject | undefined>;
  workloads(): Promise<Readonly<Record<string, WorkloadObject>>>;
  pods(): Promise<readonly KubeObject[]>;
}

/** True, or the first thing that is not as it will be. */
export async function isSettled(release: Observed, phase: string): Promise<true | string> {
  const status = await release.status();
  if (status?.data.phase !== phase) return `the phase is ${status?.data.phase}: ${waitingFor(status?.data['status.json'])}`;
  const bootstrap = await release.secret(release.sources.bootstrap);
  if (status.data.bootstrapResourceVersion !== (bootstrap?.metadata.resourceVersion ?? '')) return 'the status speaks of an older Secret';
  if (phase !== 'Stable') return true;
  return (await whyNotAgreed(release)) ?? (await whyNotRolledOut(release)) ?? true;
}

async function whyNotAgreed(release: Observed): Promise<string | undefined> {
  const keyring = await release.keyring();
  if (!keyring) return 'there is no keyring';
  const { sources: names } = release;
  const sources = { bootstrap: await release.secret(names.bootstrap), encryption: await release.secret(names.encryption) };
  for (const key of keyNames) {
    const record = keyring.keys[key];
    if (!record) continue;
    if (record.target !== record.committed || record.accepted.length > 1) return `${key} is not committed`;
    if (secretEntry(sources[sourceOf(key)], key) !== targetOf(record).value) return `the Secret does not hold the target of ${key}`;
  }
  return undefined;
}

async function whyNotRolledOut(release: Observed): Promise<string | undefined> {
  const found = Object.entries(await release.workloads());
  const late = found.find(([, workload]) => !isRolledOut(workload));
  if (late) return `${late[0]} is not rolled out`;
  const desired = found.reduce((sum, [, workload]) => sum + desiredOf(workload), 0);
  const pods = await release.pods();
  return pods.length === desired ? undefined : `${pods.length} pods instead of ${desired}`;
}

/** How many pods it wants; -1 where nobody has said so yet. */
export const desiredOf = ({ spec, status = {} }: WorkloadObject): number => spec.replicas ?? status['desiredNumberScheduled'] ?? -1;

function isRolledOut(workload: WorkloadObject): boolean {
  const { metadata, status = {} } = workload;
  const desired = desiredOf(workload);
  const updated = status['updatedReplicas'] ?? status['updatedNumberScheduled'] ?? 0;
  const available = status['availableReplicas'] ?? status['numberAvailable'] ?? 0;
  return status['observedGeneration'] === metadata.generation && updated === desired && available === desired;
}

function waitingFor(json = '{}'): string {
  const { keys = {} } = JSON.parse(json) as { keys?: Record<string, { waitingFor?: string[] }> };
  return Object.entries(keys).flatMap(([key, { waitingFor = [] }]) => waitingFor.map((what) => `${key} waits for ${what}`)).join('; ');
}
