/**
 * The Argo CD way, as far as the cluster sees it: manifests rendered without a cluster and marked as the Application's,
 * applied server-side, and a self-heal loop that compares by a server-side dry run (gitops-engine, pkg/diff) and applies
 * what is out of sync. Automated sync, `ServerSideApply=true`, `ServerSideDiff=true`, `RespectIgnoreDifferences=true`.
 */
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { Loop } from '../loop.ts';
import type { Site } from '../site.ts';
import { driftOf, without, type Ignored, type Json } from './drift.ts';
import { groupOf, nameOf, objectsOf, pathOf, readLive, type Manifest } from './objects.ts';
import type { Tool } from './tool.ts';

const application = 'kure';

/** Argo CD itself looks when something has changed, and every few minutes. */
const healEveryMs = 1_500;

/** What `ignoreDifferences` names: values that the render made up are not the cluster's. */
const ignored: Ignored = ({ kind }) => (kind === 'Secret' ? [['data'], ['metadata', 'annotations', 'bootstrap.kure.io/rendered']] : []);

class ArgoCd implements Tool {
  readonly #site: Site;
  readonly #client: KubeClient;
  readonly #loop = new Loop(() => this.#heal(), healEveryMs);
  /** What git has, by revision. */
  readonly #kept = new Map<number, readonly Manifest[]>();
  #desired: readonly Manifest[] = [];

  constructor(site: Site, connection: Connection) {
    this.#site = site;
    this.#client = new KubeClient(connection, 'argocd-controller');
  }

  async install(revision: number): Promise<void> {
    const rendered = objectsOf(await this.#site.render(revision)).map((object) => this.#tracked(object));
    this.#kept.set(revision, rendered);
    await this.#sync(rendered);
    this.#loop.start();
  }

  upgrade(revision: number): Promise<void> {
    return this.install(revision);
  }

  /** A commit is reverted. */
  rollback(revision: number): Promise<void> {
    return this.#sync(this.#kept.get(revision) ?? []);
  }

  /** The Application is deleted with all it made, but for what is to be kept. */
  async uninstall(): Promise<void> {
    await this.#loop.stop();
    for (const object of this.#desired) {
      if (object.metadata.annotations?.['helm.sh/resource-policy'] === 'keep') continue;
      await this.#try(`delete ${nameOf(object)}`, () => this.#client.delete(pathOf(object, this.#site.namespace), { propagationPolicy: 'Foreground' }));
    }
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #sync(desired: readonly Manifest[]): Promise<void> {
    this.#desired = desired;
    for (const object of desired) await this.#apply(object);
  }

  async #heal(): Promise<void> {
    const drifted = await driftOf(this.#client, this.#site.namespace, this.#desired, ignored);
    for (const { desired } of drifted) await this.#apply(desired);
  }

  /** Where differences are ignored, what is there is applied in place of what was rendered. */
  async #apply(object: Manifest): Promise<void> {
    const path = pathOf(object, this.#site.namespace);
    const live = await readLive(this.#client, path);
    const wanted = live ? withLive(object, live, ignored(object)) : object;
    await this.#try(`apply ${nameOf(object)}`, () => this.#client.patch(path, 'apply', wanted, { force: true }));
  }

  #tracked(object: Manifest): Manifest {
    const id = `${application}:${groupOf(object)}/${object.kind}:${this.#site.namespace}/${object.metadata.name}`;
    const annotations = { ...object.metadata.annotations, 'argocd.argoproj.io/tracking-id': id };
    return { ...object, metadata: { ...object.metadata, annotations } };
  }

  async #try(what: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#site.failed(`${what}: ${(error as Error).message}`);
    }
  }
}

function withLive(object: Manifest, live: Manifest, pointers: readonly (readonly string[])[]): Manifest {
  const bare = without(object as unknown as Json, pointers);
  return pointers.reduce((whole, pointer) => withOne(whole, live as unknown as Json, pointer), bare) as unknown as Manifest;
}

function withOne(object: Json, live: Json, [first = '', ...rest]: readonly string[]): Json {
  const found = live[first];
  if (found === undefined) return object;
  return { ...object, [first]: rest.length === 0 ? found : withOne((object[first] ?? {}) as Json, found as Json, rest) };
}

export const argoCd = (site: Site, connection: Connection): Tool => new ArgoCd(site, connection);
