/** One release, alone in a namespace, on the real API server: what people do to it, and what can be seen of it. */
import { hash } from 'node:crypto';
import { keyringEntry, parseKeyring, sourceOf, type KeyName, type Keyring } from '../../../shared/credential/keyring.ts';
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { undefinedIfMissing } from '../../../shared/kube/kube-error.ts';
import { collectionPath, encodeEntry, objectPath, secretEntry, type KubeObject, type Secret } from '../../../shared/kube/objects.ts';
import * as manifests from './manifests.ts';
import { collectionOf, workloadNames, type Shape, type WorkloadName } from './manifests.ts';
import type { Statuses, StatusObject } from './statuses.ts';
import { valueOf } from './values.ts';
import type { World } from './world.ts';

export type Values = Readonly<Partial<Record<KeyName, string>>>;

export interface WorkloadObject extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly generation: number };
  readonly spec: { readonly replicas?: number; readonly template: { readonly metadata: Pick<KubeObject['metadata'], 'annotations' | 'labels'> } };
  readonly status?: Readonly<Partial<Record<string, number>>>;
}

const nameOf = (key: KeyName) => (sourceOf(key) === 'bootstrap' ? manifests.secretName : manifests.encryptionName);
const annotation = (name: string) => `bootstrap.kure.io/${name}`;

export class FakeRelease {
  readonly sources = { bootstrap: manifests.secretName, encryption: manifests.encryptionName } as const;
  readonly namespace: string;
  readonly #connection: Connection;
  readonly #client: KubeClient;
  readonly #statuses: Statuses;

  private constructor({ connection, statuses }: World, namespace: string) {
    this.#connection = connection;
    this.#statuses = statuses;
    this.#client = new KubeClient(connection, 'kubectl-edit');
    this.namespace = namespace;
  }

  /** With the service token `A` and the session secret `S`, and where there is one the encryption key `E`. */
  static async create(world: World, namespace: string, shape: Shape, values: Values): Promise<FakeRelease> {
    const release = new FakeRelease(world, namespace);
    const { 'encryption-key': encryptionKey, ...bootstrap } = values;
    await release.createBootstrap(bootstrap, shape);
    if (encryptionKey !== undefined) {
      await release.#client.create(collectionPath('secrets', namespace), manifests.encryptionSecret(encryptionKey));
    }
    await release.createWorkloads(shape);
    return release;
  }

  async createWorkloads(shape: Shape): Promise<void> {
    for (const manifest of manifests.workloads(shape)) {
      const { kind } = manifest as { kind: string };
      await this.#client.create(collectionPath(kind === 'DaemonSet' ? 'daemonsets' : 'deployments', this.namespace), manifest);
    }
  }

  /** As `kubectl edit` does; the resourceVersion of the Secret afterwards. */
  async edit(values: Values): Promise<string> {
    const name = nameOf(Object.keys(values)[0] as KeyName);
    const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encodeEntry(value)]));
    const { metadata } = await this.#client.patch<Secret>(this.#secretPath(name), 'merge', { data });
    return metadata.resourceVersion;
  }

  /** Takes keys out of the Secret. */
  async drop(...keys: readonly KeyName[]): Promise<void> {
    const data = Object.fromEntries(keys.map((key) => [key, null]));
    await this.#client.patch(this.#secretPath(nameOf(keys[0]!)), 'merge', { data });
  }

  /** A render that could not see the cluster: every value of a Secret, and the mark that says that they were made up. */
  async render(values: Values): Promise<void> {
    const keys = Object.keys(values) as KeyName[];
    const mark = hash('sha256', [manifests.releaseName, ...keys.map((key) => values[key])].join('\n'));
    const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encodeEntry(value)]));
    const metadata = { annotations: { [annotation('rendered')]: mark } };
    await this.#client.patch(this.#secretPath(nameOf(keys[0]!)), 'merge', { metadata, data });
  }

  /** Asks by annotation, as the command line does; null takes the request back. */
  async ask(request: 'pause' | 'abort' | 'revoke' | 'accept' | 'retire', value: string | null): Promise<void> {
    const metadata = { annotations: { [annotation(request)]: value } };
    await this.#client.patch(this.#secretPath(manifests.secretName), 'merge', { metadata });
  }

  async deleteSecret(name: string): Promise<void> {
    await this.#client.delete(this.#secretPath(name));
  }

  /** Brings it back as an installer would. */
  async createBootstrap(values: Values, shape: Shape = {}): Promise<void> {
    const client = shape.helm ? new KubeClient(this.#connection, 'helm') : this.#client;
    await client.create(collectionPath('secrets', this.namespace), manifests.bootstrapSecret(values, shape));
  }

  async annotatePod(name: string, annotations: Readonly<Record<string, string | null>>): Promise<void> {
    await this.#client.patch(objectPath('pods', this.namespace, name), 'merge', { metadata: { annotations } });
  }

  async patchWorkload(name: WorkloadName, patch: object): Promise<void> {
    await this.#client.patch(objectPath(collectionOf(name), this.namespace, name), 'merge', patch);
  }

  secret(name = manifests.secretName): Promise<Secret | undefined> {
    return this.#read<Secret>(this.#secretPath(name));
  }

  async keyring(): Promise<Keyring | undefined> {
    const text = secretEntry(await this.secret(manifests.keyringName), keyringEntry);
    return text === undefined ? undefined : parseKeyring(text);
  }

  status(): Promise<StatusObject | undefined> {
    return Promise.resolve(this.#statuses.of(this.namespace));
  }

  async workloads(): Promise<Record<WorkloadName, WorkloadObject>> {
    const path = (name: WorkloadName) => objectPath(collectionOf(name), this.namespace, name);
    const found = await Promise.all(workloadNames.map(async (name) => [name, await this.#client.get<WorkloadObject>(path(name))] as const));
    return Object.fromEntries(found) as Record<WorkloadName, WorkloadObject>;
  }

  async pods(): Promise<readonly (KubeObject & { readonly metadata: { readonly deletionTimestamp?: string } })[]> {
    return (await this.#client.get<{ items: KubeObject[] }>(collectionPath('pods', this.namespace))).items;
  }

  /** How often each pod template has changed since it was made. */
  async restarts(): Promise<Record<WorkloadName, number>> {
    const entries = Object.entries(await this.workloads()).map(([name, { metadata }]) => [name, metadata.generation - 1]);
    return Object.fromEntries(entries) as Record<WorkloadName, number>;
  }

  /** The operator's right to write, as if it had expired. */
  async dropLease(): Promise<void> {
    await this.#client.delete(objectPath('leases', this.namespace, manifests.leaseName)).catch(undefinedIfMissing);
  }

  /** By a person: its workload makes another one. */
  async deletePod(name: string): Promise<void> {
    await this.#client.delete(objectPath('pods', this.namespace, name));
  }

  /** The first pod of the workload that is not on its way out. */
  async podOf(workload: WorkloadName): Promise<string> {
    const pods = await this.pods();
    const found = pods.find(({ metadata: { labels, deletionTimestamp } }) => labels?.['app'] === workload && deletionTimestamp === undefined);
    if (!found) throw new Error(`${workload} has no pod`);
    return found.metadata.name;
  }

  /** Name of the generation that is being rolled out, or was last. */
  async target(key: KeyName = 'service-token'): Promise<string> {
    return (await this.keyring())?.keys[key]?.target ?? '';
  }

  #secretPath(name: string): string {
    return objectPath('secrets', this.namespace, name);
  }

  #read<T>(path: string): Promise<T | undefined> {
    return this.#client.get<T>(path).catch(undefinedIfMissing);
  }
}

export const firstValues: Values = { 'service-token': valueOf('A'), 'session-secret': valueOf('S') };
