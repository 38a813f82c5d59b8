/** What can be seen of a release that was delivered, and its edit: from the API server, whoever delivered it. */
import { hash } from 'node:crypto';
import { keyringEntry, parseKeyring, type Keyring, type SourceName } from '../../shared/credential/keyring.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import type { Connection } from '../../shared/kube/connect.ts';
import { undefinedIfMissing } from '../../shared/kube/kube-error.ts';
import { collectionPath, encodeEntry, objectPath, secretEntry, type KubeObject, type Secret } from '../../shared/kube/objects.ts';
import type { WorkloadObject } from '../scale/harness/fake-release.ts';
import { owned } from '../scale/harness/owner.ts';
import { desiredOf, type Observed } from '../scale/harness/settled.ts';
import type { StatusObject } from '../scale/harness/statuses.ts';
import { valueOf } from '../scale/harness/values.ts';
import { releaseName, vaultSecret, type Mode } from './modes.ts';

interface List<T> {
  readonly items: readonly T[];
}

const collections = ['deployments', 'daemonsets'] as const;
const clusterRoles = '/apis/rbac.authorization.k8s.io/v1';

export class DeliveredRelease implements Observed {
  readonly namespace: string;
  readonly sources: Readonly<Record<SourceName, string>>;
  readonly #client: KubeClient;

  constructor(connection: Connection, namespace: string, mode: Mode) {
    this.#client = new KubeClient(connection, mode.editor);
    this.namespace = namespace;
    this.sources = mode.sources;
  }

  /** The namespace, and where the mode asks for it a Secret from elsewhere. */
  async prepare(): Promise<void> {
    const { namespace } = this;
    await this.#client.create(collectionPath('namespaces'), { metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted', ...owned } } });
    if (this.sources.bootstrap !== vaultSecret) return;
    const data = { 'service-token': encodeEntry(valueOf('A')), 'session-secret': encodeEntry(valueOf('S')) };
    await this.#client.create(collectionPath('secrets', namespace), { metadata: { name: vaultSecret }, data });
  }

  async edit(serviceToken: string): Promise<void> {
    await this.#client.patch(this.#secretPath(this.sources.bootstrap), 'merge', { data: { 'service-token': encodeEntry(serviceToken) } });
  }

  /** SHA-256 of each value of the source Secrets, by Secret and entry. */
  async digests(): Promise<Readonly<Record<string, string>>> {
    const secrets = await Promise.all(Object.values(this.sources).map(async (name) => ({ name, secret: await this.secret(name) })));
    const entries = secrets.flatMap(({ name, secret }) => Object.entries(secret?.data ?? {}).map(([key, value]) => [`${name}/${key}`, digestOf(decoded(value))]));
    return Object.fromEntries(entries) as Record<string, string>;
  }

  async holds(serviceToken: string): Promise<boolean> {
    return (await this.digests())[this.tokenEntry] === digestOf(serviceToken);
  }

  /** Where the service token is among them. */
  get tokenEntry(): string {
    return `${this.sources.bootstrap}/service-token`;
  }

  /** How many pods each workload wants, by the label `app` of its pods. */
  async desired(): Promise<Readonly<Record<string, number>>> {
    const workloads = Object.values(await this.workloads());
    return Object.fromEntries(workloads.map((workload) => [workload.spec.template.metadata.labels?.['app'] ?? '', desiredOf(workload)]));
  }

  secret(name: string): Promise<Secret | undefined> {
    return this.#read<Secret>(this.#secretPath(name));
  }

  async keyring(): Promise<Keyring | undefined> {
    const text = secretEntry(await this.secret(`${releaseName}-keyring`), keyringEntry);
    return text === undefined ? undefined : parseKeyring(text);
  }

  /** Of everything that the operator writes, and of what it reads: the same text as long as nothing has changed. */
  async versions(): Promise<string> {
    const secrets = await Promise.all([...Object.values(this.sources), `${releaseName}-keyring`].map((name) => this.secret(name)));
    const objects = [...secrets, await this.status(), ...Object.values(await this.workloads())];
    return objects.map((object) => object?.metadata.resourceVersion).join();
  }

  status(): Promise<StatusObject | undefined> {
    return this.#read<StatusObject>(objectPath('configmaps', this.namespace, `${releaseName}-rotation`));
  }

  async workloads(): Promise<Readonly<Record<string, WorkloadObject>>> {
    const lists = await Promise.all(collections.map((collection) => this.#client.get<List<WorkloadObject>>(collectionPath(collection, this.namespace))));
    return Object.fromEntries(lists.flatMap(({ items }) => items).map((workload) => [workload.metadata.name, workload]));
  }

  async pods(): Promise<readonly KubeObject[]> {
    return (await this.#client.get<List<KubeObject>>(collectionPath('pods', this.namespace))).items;
  }

  /** What belongs to no namespace goes by itself; the rest is left to the cluster, which takes its time. */
  async remove(): Promise<void> {
    for (const kind of ['clusterrolebindings', 'clusterroles']) {
      const { items } = await this.#client.get<List<KubeObject>>(`${clusterRoles}/${kind}`);
      const own = items.filter(({ metadata }) => metadata.name.startsWith(`${this.namespace}:`));
      await Promise.all(own.map(({ metadata }) => this.#client.delete(`${clusterRoles}/${kind}/${metadata.name}`)));
    }
    await this.#client.delete(`${collectionPath('namespaces')}/${this.namespace}`);
  }

  #secretPath(name: string): string {
    return objectPath('secrets', this.namespace, name);
  }

  #read<T>(path: string): Promise<T | undefined> {
    return this.#client.get<T>(path).catch(undefinedIfMissing);
  }
}

export const digestOf = (value: string): string => hash('sha256', value);
const decoded = (entry: string): string => Buffer.from(entry, 'base64').toString();

