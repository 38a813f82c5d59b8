/** Namespaces of one world, used again and again: taking one away costs the cluster some eighty requests, emptying it nine. */
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { collectionPath, type KubeObject } from '../../../shared/kube/objects.ts';
import { undefinedIfMissing } from '../../../shared/kube/kube-error.ts';
import { uniqueName } from '../../fixtures/unique-name.ts';
import { statusName } from './manifests.ts';
import { owned } from './owner.ts';
import { until } from './until.ts';

/** Owners first, so that nothing is made anew; all but what each namespace has by itself. */
const emptying = [
  ['apis/apps/v1', ['deployments', 'daemonsets']],
  ['apis/apps/v1', ['replicasets', 'controllerrevisions']],
  ['api/v1', ['pods', 'secrets', `configmaps/${statusName}`, 'events']],
  ['apis/coordination.k8s.io/v1', ['leases']],
] as const;

/** Also pods that are on a node that has died. */
const atOnce = { gracePeriodSeconds: 0 };

/** So many rest after they were emptied: what a controller is late with comes before the next release. */
const resting = 12;

const path = collectionPath('namespaces');

export class Namespaces {
  readonly #client: KubeClient;
  readonly #all: string[] = [];
  readonly #emptied: string[] = [];

  constructor(connection: Connection) {
    this.#client = new KubeClient(connection, 'harness');
  }

  /** An empty one, for one release. */
  async take(prefix: string): Promise<string> {
    const used = this.#emptied.length > resting ? this.#emptied.shift() : undefined;
    if (used === undefined) return this.#create(uniqueName(prefix));
    await until(`${used} to be empty`, () => this.#isEmpty(used));
    return used;
  }

  async giveBack(namespace: string): Promise<void> {
    for (const [group, things] of emptying) {
      await Promise.all(things.map((thing) => this.#client.delete(`/${group}/namespaces/${namespace}/${thing}`, atOnce).catch(undefinedIfMissing)));
    }
    this.#emptied.push(namespace);
  }

  /** Does not wait: the cluster takes its time with namespaces. */
  async end(): Promise<void> {
    await Promise.all(this.#all.map((name) => this.#client.delete(`${path}/${name}`)));
  }

  async #create(name: string): Promise<string> {
    await this.#client.create(path, { metadata: { name, labels: owned } });
    this.#all.push(name);
    return name;
  }

  async #isEmpty(namespace: string): Promise<true | string> {
    const { items } = await this.#client.get<{ items: KubeObject[] }>(collectionPath('pods', namespace));
    return items.length === 0 || `${items.length} pods are left`;
  }
}
