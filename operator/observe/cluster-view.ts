/** The operator's view of its namespace: six watches, and the same reads made anew where memory is not good enough. */
import type { Clock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath, type ObjectMeta, type Secret } from '../../shared/kube/objects.ts';
import { Reflector, type ReflectorStats } from '../../shared/kube/reflector.ts';
import type { Logger } from '../../shared/log.ts';
import { workloadCollections } from '../model/names.ts';
import type { Pod, Workload, WorkloadKind } from '../model/snapshot.ts';
import { isTerminal, podOf, type PodObject } from './pod.ts';
import { workloadOf, type WorkloadObject } from './workload.ts';

export interface ViewOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly bootstrapSecret: string;
  readonly keyringSecret: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after any change; must only take a note. */
  readonly onChange: () => void;
}

/** What was read, still in the API's shape where it holds values, else reduced to what deciding needs. */
export interface View {
  readonly bootstrap: Secret | undefined;
  readonly keyring: Secret | undefined;
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
}

interface Kept<T> {
  readonly metadata: Pick<ObjectMeta, 'uid' | 'resourceVersion'>;
  readonly kept: T;
}

interface List<T> {
  readonly items: readonly T[];
}

const kinds = Object.keys(workloadCollections) as WorkloadKind[];

export class ClusterView {
  readonly #options: ViewOptions;
  readonly #bootstrap: Reflector<Secret>;
  readonly #keyring: Reflector<Secret>;
  readonly #workloads: Reflector<WorkloadObject, Kept<Workload>>[];
  readonly #pods: Reflector<PodObject, Kept<Pod | undefined>>;

  constructor(options: ViewOptions) {
    const { client, namespace, clock, log, onChange } = options;
    this.#options = options;
    const common = { client, clock, log, onChange };
    const watchSecret = (name: string) =>
      new Reflector<Secret>({
        ...common,
        path: collectionPath('secrets', namespace),
        fieldSelector: `metadata.name=${name}`,
      });
    this.#bootstrap = watchSecret(options.bootstrapSecret);
    this.#keyring = watchSecret(options.keyringSecret);
    this.#workloads = kinds.map(
      (kind) =>
        new Reflector<WorkloadObject, Kept<Workload>>({
          ...common,
          path: collectionPath(workloadCollections[kind], namespace),
          strip: (object) => keep(object, workloadOf(kind, object, options.bootstrapSecret)),
        }),
    );
    this.#pods = new Reflector<PodObject, Kept<Pod | undefined>>({
      ...common,
      path: collectionPath('pods', namespace),
      strip: (object) => keep(object, holderOf(object, options.bootstrapSecret)),
    });
  }

  /** Starts the watches; resolves after all first lists. */
  async start(): Promise<void> {
    for (const reflector of this.#reflectors()) reflector.start();
    await Promise.all(this.#reflectors().map((reflector) => reflector.listed()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reflectors().map((reflector) => reflector.stop()));
  }

  get isReady(): boolean {
    return this.#reflectors().every(({ hasListed }) => hasListed);
  }

  stats(): readonly Readonly<ReflectorStats>[] {
    return this.#reflectors().map(({ stats }) => stats);
  }

  remembered(): View {
    return {
      bootstrap: this.#bootstrap.objects()[0],
      keyring: this.#keyring.objects()[0],
      workloads: this.#workloads.flatMap((reflector) => reflector.objects()).flatMap(({ kept }) => readersOnly(kept)),
      pods: this.#pods.objects().flatMap(({ kept }) => kept ?? []),
    };
  }

  /** Workloads before pods: after a finished rollout no controller makes another pod of the old template. */
  async readAnew(): Promise<View> {
    const { client, namespace, bootstrapSecret, keyringSecret } = this.#options;
    const workloads = await Promise.all(
      kinds.map(async (kind) => {
        const { items } = await client.get<List<WorkloadObject>>(collectionPath(workloadCollections[kind], namespace));
        return items.map((object) => workloadOf(kind, object, bootstrapSecret));
      }),
    );
    const { items } = await client.get<List<PodObject>>(collectionPath('pods', namespace));
    return {
      workloads: workloads.flat().flatMap(readersOnly),
      pods: items.flatMap((object) => holderOf(object, bootstrapSecret) ?? []),
      keyring: await this.#readSecret(keyringSecret),
      bootstrap: await this.#readSecret(bootstrapSecret),
    };
  }

  async #readSecret(name: string): Promise<Secret | undefined> {
    const { client, namespace } = this.#options;
    try {
      return await client.get<Secret>(objectPath('secrets', namespace, name));
    } catch (error) {
      if (remedyFor(error) === 'missing') return undefined;
      throw error;
    }
  }

  #reflectors() {
    return [this.#bootstrap, this.#keyring, ...this.#workloads, this.#pods];
  }
}

function keep<T>({ metadata: { uid, resourceVersion } }: { readonly metadata: ObjectMeta }, kept: T): Kept<T> {
  return { metadata: { uid, resourceVersion }, kept };
}

/** Undefined for a pod that holds nothing. */
function holderOf(object: PodObject, secretName: string): Pod | undefined {
  if (isTerminal(object)) return undefined;
  const pod = podOf(object, secretName);
  return pod.reads.length > 0 ? pod : undefined;
}

const readersOnly = (workload: Workload): Workload[] => (workload.reads.length > 0 ? [workload] : []);
