/** Two namespaces of our own on the cluster, with pods that fail. */
import { nanoid } from 'nanoid';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { collectionPath, objectPath } from '../../shared/kube/objects.ts';

/** In the test bed's images; any image with a shell-less program that ends would do. */
const image = 'ghcr.io/kure-bootstrap/agent:0.1.0';

export class Cluster {
  readonly #kube: KubeClient;
  readonly seen: string;
  /** To be hidden from the scanner. */
  readonly hidden: string;

  private constructor(kube: KubeClient) {
    this.#kube = kube;
    const suffix = nanoid(8).toLowerCase().replaceAll(/[^a-z0-9]/g, '0');
    this.seen = `compat-${suffix}`;
    this.hidden = `compat-hidden-${suffix}`;
  }

  static async open(): Promise<Cluster> {
    const cluster = new Cluster(new KubeClient(await connect(), 'kure-compat'));
    for (const name of cluster.#namespaces) await cluster.#kube.create(collectionPath('namespaces'), { metadata: { name } });
    return cluster;
  }

  /** A pod whose image does not exist. */
  imageless(namespace: string, name: string): Promise<unknown> {
    return this.#pod(namespace, name, { image: 'registry.invalid/team/nothing:1' });
  }

  /** A pod that writes and ends, again and again. */
  crashing(namespace: string, name: string): Promise<unknown> {
    const command = ['/usr/bin/node', '-e', 'console.log("last words"); process.exit(3)'];
    return this.#pod(namespace, name, { image, imagePullPolicy: 'Never', command });
  }

  async isBackingOff(namespace: string, name: string): Promise<boolean> {
    return JSON.stringify(await this.#kube.get(objectPath('pods', namespace, name))).includes('CrashLoopBackOff');
  }

  remove(namespace: string, name: string): Promise<unknown> {
    return this.#kube.delete(objectPath('pods', namespace, name), { gracePeriodSeconds: 0 });
  }

  async close(): Promise<void> {
    for (const name of this.#namespaces) await this.#kube.delete(`${collectionPath('namespaces')}/${name}`);
  }

  get #namespaces(): readonly string[] {
    return [this.seen, this.hidden];
  }

  #pod(namespace: string, name: string, container: object): Promise<unknown> {
    return this.#kube.create(collectionPath('pods', namespace), {
      metadata: { name },
      spec: { containers: [{ name: 'main', ...container }] },
    });
  }
}
