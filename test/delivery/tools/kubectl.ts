/** Manifests from `helm template`, kept as in a repository, and kubectl. */
import type { Site } from '../site.ts';
import { groupOf, objectsOf, type Manifest } from './objects.ts';
import type { Tool } from './tool.ts';

type Deliver = (site: Site, manifests: string) => Promise<void>;

class Kubectl implements Tool {
  readonly #site: Site;
  readonly #deliver: Deliver;
  readonly #kept = new Map<number, string>();
  #last = '';

  constructor(site: Site, deliver: Deliver) {
    this.#site = site;
    this.#deliver = deliver;
  }

  async install(revision: number): Promise<void> {
    const manifests = await this.#site.render(revision);
    this.#kept.set(revision, manifests);
    await this.#apply(manifests);
  }

  upgrade(revision: number): Promise<void> {
    return this.install(revision);
  }

  /** The manifests of that revision as they were, with the values that were made up then. */
  rollback(revision: number): Promise<void> {
    return this.#apply(this.#kept.get(revision) ?? '');
  }

  async uninstall(): Promise<void> {
    await this.#site.kubectl(['delete', '--ignore-not-found', '--filename=-'], this.#last);
  }

  #apply(manifests: string): Promise<void> {
    this.#last = manifests;
    return this.#deliver(this.#site, manifests);
  }
}

const by =
  (...line: string[]): Deliver =>
  async (site, manifests) =>
    void (await site.kubectl([...line, '--filename=-'], manifests));

export const kubectlApply = (site: Site): Tool => new Kubectl(site, by('apply'));
/** Without force it would refuse to change what another tool owns, as it should. */
export const kubectlApplyServerSide = (site: Site): Tool => new Kubectl(site, by('apply', '--server-side', '--force-conflicts'));
export const kubectlReplace = (site: Site): Tool => new Kubectl(site, replace);

/**
 * What is there is replaced and what is not is created, as Argo CD does with `Replace=true`. The API server lets nobody
 * replace a claim that has its volume.
 */
async function replace(site: Site, manifests: string): Promise<void> {
  const objects = objectsOf(manifests);
  const found = new Set((await site.kubectl(['get', '--filename=-', '--ignore-not-found', '--output=name'], manifests)).split('\n'));
  const isThere = (object: Manifest) => found.has(`${[object.kind.toLowerCase(), groupOf(object)].filter(Boolean).join('.')}/${object.metadata.name}`);
  const created = objects.filter((object) => !isThere(object));
  const replaced = objects.filter((object) => isThere(object) && object.kind !== 'PersistentVolumeClaim');
  if (created.length > 0) await site.kubectl(['create', '--filename=-'], asList(created));
  if (replaced.length > 0) await site.kubectl(['replace', '--filename=-'], asList(replaced));
}

const asList = (items: readonly Manifest[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
