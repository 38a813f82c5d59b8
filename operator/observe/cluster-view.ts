/**
 * The operator's view of the cluster: the watches of one release or of all, and the same reads made anew where memory is not good enough.
 *
 *     Secrets ──► which releases there are ◄── who reads their Secrets ──► workloads, pods
 *
 * One change wakes only the releases that it concerns.
 */
import type { Clock } from '../../shared/clock.ts';
import type { SourceName } from '../../shared/credential/keyring.ts';
import type { KubeClient, Query } from '../../shared/kube/client.ts';
import { collectionPath, type KubeObject, type Secret } from '../../shared/kube/objects.ts';
import { pages } from '../../shared/kube/pages.ts';
import { Reflector, type Delta, type ReflectorStats } from '../../shared/kube/reflector.ts';
import type { Logger } from '../../shared/log.ts';
import { secretLabel, workloadCollections, workloadKinds } from '../model/names.ts';
import { releaseId, secretNames, type Release } from '../model/release.ts';
import type { Pod, Workload, WorkloadKind } from '../model/snapshot.ts';
import { isTerminal, podOf, type PodObject } from './pod.ts';
import { ReaderIndex, type Candidate } from './reader-index.ts';
import { keysRead, secretReads, type PodSpec } from './reads.ts';
import { LabelledReleases, OneRelease, type Releases } from './releases.ts';
import { isTerminating, workloadOf, type WorkloadObject } from './workload.ts';

export type Scope = { readonly kind: 'release'; readonly release: Release } | { readonly kind: 'cluster' };

export interface ViewOptions {
  readonly client: KubeClient;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after any change that concerns the release, also one that ends it; must only take a note. */
  readonly onChange: (release: Release) => void;
}

/** One release: Secrets in the API's shape, the others reduced to what deciding needs. */
export interface View {
  readonly secrets: Readonly<Partial<Record<SourceName | 'keyring', Secret>>>;
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
}

type WorkloadFacts = Omit<Workload, 'reads'>;
type PodFacts = Omit<Pod, 'reads'>;

/** Small in cluster scope, where nearly everything of a page is thrown away at once. */
const pageSizes = { release: 500, cluster: 100 } as const satisfies Record<Scope['kind'], number>;

export class ClusterView {
  readonly #options: ViewOptions;
  readonly #releases: Releases;
  /** Each with the Secrets that it shows. */
  readonly #secretWatches: readonly { readonly shows: (secret: Secret) => boolean; readonly reflector: Reflector<Secret> }[];
  readonly #reflectors: readonly Pick<Reflector<KubeObject>, 'start' | 'stop' | 'listed' | 'hasListed' | 'stats'>[];
  readonly #secrets = new Map<string, Secret>();
  readonly #workloads = new ReaderIndex<WorkloadFacts>();
  readonly #pods = new ReaderIndex<PodFacts>();

  constructor(options: ViewOptions) {
    const { client, clock, log, scope } = options;
    this.#options = options;
    this.#releases = scope.kind === 'release' ? new OneRelease(scope.release) : new LabelledReleases(log);
    const common = { client, clock, log, patience: { pageSize: pageSizes[scope.kind] } };
    const namespace = scope.kind === 'release' ? scope.release.namespace : undefined;
    this.#secretWatches = secretSelections(scope).map(({ shows, ...selectors }) => ({
      shows,
      reflector: new Reflector<Secret>({
        ...common,
        ...selectors,
        path: collectionPath('secrets', namespace),
        onChange: (delta) => this.#noteSecret(delta),
      }),
    }));
    this.#reflectors = [
      ...this.#secretWatches.map(({ reflector }) => reflector),
      ...workloadKinds.map(
        (kind) =>
          new Reflector<WorkloadObject, Candidate<WorkloadFacts>>({
            ...common,
            path: collectionPath(workloadCollections[kind], namespace),
            strip: (object) => this.#workloadCandidate(kind, object),
            onChange: (delta) => this.#noteReader(this.#workloads, delta),
          }),
      ),
      new Reflector<PodObject, Candidate<PodFacts>>({
        ...common,
        path: collectionPath('pods', namespace),
        strip: (object) => this.#podCandidate(object),
        onChange: (delta) => this.#noteReader(this.#pods, delta),
      }),
    ];
  }

  /** Starts the watches; resolves after all first lists. */
  async start(): Promise<void> {
    for (const reflector of this.#reflectors) reflector.start();
    await Promise.all(this.#reflectors.map((reflector) => reflector.listed()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.stop()));
  }

  get isReady(): boolean {
    return this.#reflectors.every(({ hasListed }) => hasListed);
  }

  stats(): readonly Readonly<ReflectorStats>[] {
    return this.#reflectors.map(({ stats }) => stats);
  }

  releases(): Release[] {
    return this.#releases.all();
  }

  remembered(release: Release): View {
    const { namespace, bootstrapSecret, encryptionSecret } = release;
    const sources = [bootstrapSecret, encryptionSecret];
    return viewOf(
      release,
      this.#workloads.readersOf(namespace, sources),
      this.#pods.readersOf(namespace, sources),
      secretNames(release).map((name) => this.#findSecret(namespace, name)),
    );
  }

  /** Workloads before pods: after a finished rollout no controller makes another pod of the old template. */
  async readAnew(release: Release): Promise<View> {
    const { namespace } = release;
    const workloads = await Promise.all(
      workloadKinds.map((kind) =>
        this.#list<WorkloadObject, Candidate<WorkloadFacts>>(collectionPath(workloadCollections[kind], namespace), {}, (object) =>
          this.#workloadCandidate(kind, object),
        ),
      ),
    );
    const pods = await this.#list<PodObject, Candidate<PodFacts>>(collectionPath('pods', namespace), {}, (object) => this.#podCandidate(object));
    const secrets = await Promise.all(secretNames(release).map((name) => this.#readSecret(namespace, name)));
    return viewOf(release, workloads.flat(), pods, secrets);
  }

  /** Takes over the answer to a write of our own, so that the next pass need not wait until the watch brings it. */
  wrote(secret: Secret): void {
    this.#secretWatches.find(({ shows }) => shows(secret))?.reflector.wrote(secret);
  }

  #noteSecret({ type, object }: Delta<Secret>): void {
    const { namespace = '', name, uid } = object.metadata;
    const id = `${namespace}/${name}`;
    const before = this.#releases.ownerOf(namespace, name);
    if (type === 'set') this.#secrets.set(id, object);
    // One of our own making may have been taken over before the watch shows the end of the one before it.
    else if (this.#secrets.get(id)?.metadata.uid === uid) this.#secrets.delete(id);
    this.#releases.note(object, (namespace, name) => this.#findSecret(namespace, name));
    const concerned = this.#releases.ownerOf(namespace, name) ?? before;
    if (concerned) this.#options.onChange(concerned);
  }

  /** A workload can begin or cease to read a Secret; both concern the Secret's release. */
  #noteReader<Facts>(index: ReaderIndex<Facts>, delta: Delta<Candidate<Facts>>): void {
    index.note(delta);
    const previous = delta.type === 'set' ? delta.previous : undefined;
    const { namespace } = delta.object;
    const reads = [...delta.object.reads, ...(previous?.reads ?? [])];
    const concerned = reads.flatMap(({ secret }) => this.#releases.ownerOf(namespace, secret) ?? []);
    for (const release of new Map(concerned.map((release) => [releaseId(release), release])).values()) this.#options.onChange(release);
  }

  #findSecret(namespace: string, name: string): Secret | undefined {
    return this.#secrets.get(`${namespace}/${name}`);
  }

  #workloadCandidate(kind: WorkloadKind, object: WorkloadObject): Candidate<WorkloadFacts> | undefined {
    return isTerminating(object) ? undefined : this.#candidate(object, object.spec.template.spec, () => workloadOf(kind, object));
  }

  #podCandidate(object: PodObject): Candidate<PodFacts> | undefined {
    return isTerminal(object) ? undefined : this.#candidate(object, object.spec, () => podOf(object));
  }

  /** Undefined, so that nothing of it is kept, for an object that reads no Secret which may be a release's. */
  #candidate<Facts>({ metadata }: KubeObject, spec: PodSpec, facts: () => Facts): Candidate<Facts> | undefined {
    const reads = secretReads(spec).filter(({ secret }) => this.#releases.mayBeSource(secret));
    const { uid, resourceVersion, namespace = '' } = metadata;
    return reads.length === 0 ? undefined : { metadata: { uid, resourceVersion }, namespace, reads, facts: facts() };
  }

  async #list<T, Kept = T>(path: string, selectors: Query, keep: (object: T) => Kept | undefined): Promise<Kept[]> {
    const kept: Kept[] = [];
    const paging = { pageSize: pageSizes[this.#options.scope.kind] };
    for await (const { items } of pages<T>(this.#options.client, path, selectors, paging)) {
      kept.push(...items.flatMap((object) => keep(object) ?? []));
    }
    return kept;
  }

  /** Selected as the watches select, so that both agree about a Secret without the label. */
  async #readSecret(namespace: string, name: string): Promise<Secret | undefined> {
    const labelSelector = this.#options.scope.kind === 'cluster' ? secretLabel : undefined;
    const selectors = { fieldSelector: `metadata.name=${name}`, labelSelector };
    const [secret] = await this.#list<Secret>(collectionPath('secrets', namespace), selectors, (secret) => secret);
    return secret;
  }
}

function secretSelections(scope: Scope) {
  if (scope.kind === 'cluster') {
    return [{ labelSelector: secretLabel, shows: ({ metadata }: Secret) => metadata.labels?.[secretLabel] !== undefined }];
  }
  return secretNames(scope.release).map((name) => ({
    fieldSelector: `metadata.name=${name}`,
    shows: ({ metadata }: Secret) => metadata.name === name,
  }));
}

function viewOf(
  release: Release,
  workloads: readonly Candidate<WorkloadFacts>[],
  pods: readonly Candidate<PodFacts>[],
  [bootstrap, encryption, keyring]: readonly (Secret | undefined)[],
): View {
  return {
    secrets: { ...(bootstrap && { bootstrap }), ...(encryption && { encryption }), ...(keyring && { keyring }) },
    workloads: workloads.flatMap((candidate) => readerOfKeys(candidate, release)),
    pods: pods.flatMap((candidate) => readerOfKeys(candidate, release)),
  };
}

/** None for one that reads other entries only. */
function readerOfKeys<Facts>({ reads, facts }: Candidate<Facts>, release: Release) {
  const keys = keysRead(reads, release);
  return keys.length === 0 ? [] : [{ ...facts, reads: keys }];
}
