/** The insides of all pods of one release, and what went wrong between them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { undefinedIfMissing } from '../../../shared/kube/kube-error.ts';
import { objectPath, secretEntry, type Secret } from '../../../shared/kube/objects.ts';
import { waitingAnnotation } from '../../../testbed/kwok.ts';
import { EncryptedStore } from './encrypted-store.ts';
import { annotationOf, isLost, isReady, isTerminating, isWaiting, portOf, secretReferences, type PodObject } from './pod-object.ts';
import { letterOf } from './values.ts';
import { VerifierInside } from './verifier-inside.ts';

interface Inside {
  pod: PodObject;
  /** By key, as read at start; undefined until then. */
  holds: Readonly<Record<string, string>> | undefined;
  verifier: VerifierInside | undefined;
}

/** Milliseconds. The reference presenters use their token at start and at least every 15 s; these are quicker. */
const presentEveryMs = 200;

const token = 'service-token';

export class ReleaseInside {
  /** A sentence for each time that a living pod was refused. */
  readonly refusals: string[] = [];
  /** Each pod that reads a service token, and the one that it started with. */
  readonly started: { readonly uid: string; readonly serviceToken: string }[] = [];
  /** Presenters say nothing: a rotation cannot be proved. */
  isMute = false;
  /** The next pods of these workloads start with these values instead: a kubelet with an old Secret in its cache. */
  readonly staleStarts: { readonly workload: string; readonly holds: Readonly<Record<string, string>> }[] = [];
  readonly store = new EncryptedStore();
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #names: { readonly bootstrap: string; readonly keyring: string };
  readonly #insides = new Map<string, Inside>();
  readonly #presenting: NodeJS.Timeout;

  constructor(client: KubeClient, namespace: string, names: { readonly bootstrap: string; readonly keyring: string }) {
    this.#client = client;
    this.#namespace = namespace;
    this.#names = names;
    this.#presenting = setInterval(() => this.#presentAll(), presentEveryMs);
  }

  /** What the pods hold, one word for each pod: the workload and the letters of its values. */
  held(): string[] {
    return [...this.#insides.values()]
      .map(({ pod, holds }) => `${workloadOf(pod)} ${Object.values(holds ?? {}).map(letterOf).join('+')}`)
      .toSorted();
  }

  /** Which serving verifiers accept this token, by pod. */
  async accepting(value: string): Promise<string[]> {
    const serving = [...this.#insides.values()].filter(isServing);
    const found = await Promise.all(serving.map(async ({ pod, verifier }) => ((await verifier?.accepts(value)) ? pod.metadata.name : [])));
    return found.flat();
  }

  saw(pod: PodObject): void {
    const known = this.#insides.get(pod.metadata.uid);
    if (known) known.pod = pod;
    else if ((pod.status?.podIP !== undefined || isWaiting(pod)) && !isTerminating(pod)) void this.#start(pod);
  }

  /** A terminating pod goes on until it is gone: its containers may run to the end of its grace. */
  lost({ metadata: { uid } }: PodObject): void {
    const known = this.#insides.get(uid);
    this.#insides.delete(uid);
    void known?.verifier?.stop();
  }

  async stop(): Promise<void> {
    clearInterval(this.#presenting);
    const insides = [...this.#insides.values()];
    this.#insides.clear();
    await Promise.all(insides.map(async ({ verifier }) => verifier?.stop()));
  }

  async #start(pod: PodObject): Promise<void> {
    const inside: Inside = { pod, holds: undefined, verifier: undefined };
    this.#insides.set(pod.metadata.uid, inside);
    const holds = this.#takeStaleStart(pod) ?? (await this.#readEnvironment(pod));
    if (isWaiting(pod)) await this.#begin(inside);
    if (this.#isGone(inside)) return;
    inside.holds = holds;
    if (holds[token] !== undefined) this.started.push({ uid: pod.metadata.uid, serviceToken: holds[token] });
    if (annotationOf(pod, 'role') === 'verifier') await this.#startVerifier(inside);
    else this.#present(inside);
  }

  /** All that its containers need is there. Resolves when it has an address, or is gone. */
  async #begin(inside: Inside): Promise<void> {
    const path = objectPath('pods', this.#namespace, inside.pod.metadata.name);
    await this.#client.patch(path, 'merge', { metadata: { annotations: { [waitingAnnotation]: null } } }).catch(undefinedIfMissing);
    while (!this.#isGone(inside) && inside.pod.status?.podIP === undefined) await sleep(50);
  }

  #takeStaleStart(pod: PodObject): Inside['holds'] {
    const index = this.staleStarts.findIndex(({ workload }) => workload === workloadOf(pod));
    return index < 0 ? undefined : this.staleStarts.splice(index, 1)[0]?.holds;
  }

  /** A container does not start before all of its keys are there. */
  async #readEnvironment(pod: PodObject): Promise<Readonly<Record<string, string>>> {
    for (;;) {
      const references = secretReferences(pod);
      const found = await Promise.all(references.map(async ({ name, key }) => [key, await this.#readEntry(name, key)] as const));
      if (found.every(([, value], at) => value !== undefined || references[at]?.optional)) return Object.fromEntries(found) as Record<string, string>;
      if (!this.#insides.has(pod.metadata.uid)) return {};
      await sleep(50);
    }
  }

  async #readEntry(name: string, key: string): Promise<string | undefined> {
    const secret = await this.#client.get<Secret>(objectPath('secrets', this.#namespace, name)).catch(undefinedIfMissing);
    return secret && secretEntry(secret, key);
  }

  async #startVerifier(inside: Inside): Promise<void> {
    const verifier = new VerifierInside({
      client: this.#client,
      namespace: this.#namespace,
      names: this.#names,
      address: inside.pod.status?.podIP ?? '',
      port: portOf(inside.pod),
      only: annotationOf(inside.pod, 'verify') === 'single' ? inside.holds?.[token] : undefined,
      onReplaced: () => this.#presentAll(),
      store: this.store,
    });
    inside.verifier = verifier;
    await verifier.start();
    if (this.#isGone(inside)) await verifier.stop();
    else this.#presentAll();
  }

  #presentAll(): void {
    for (const inside of this.#insides.values()) this.#present(inside);
  }

  #present(presenter: Inside): void {
    const value = presenter.holds?.[token];
    if (this.isMute || value === undefined || presenter.verifier || isLost(presenter.pod)) return;
    for (const inside of this.#insides.values()) {
      if (isServing(inside)) void this.#presentTo(inside, presenter, value);
    }
  }

  async #presentTo(verifying: Inside, presenter: Inside, value: string): Promise<void> {
    const verdict = await verifying.verifier?.present(value, presenter.pod.status?.podIP ?? '');
    if (!verdict || verdict.accepted || this.#isGone(presenter) || this.#isGone(verifying) || !isServing(verifying)) return;
    const { reason } = verdict.refusal;
    this.refusals.push(`${verifying.pod.metadata.name} refused ${presenter.pod.metadata.name}, which holds ${letterOf(value)}: ${reason}`);
  }

  #isGone({ pod }: Inside): boolean {
    return !this.#insides.has(pod.metadata.uid);
  }
}

const isServing = ({ pod, verifier }: Inside): boolean => verifier?.serves === true && isReady(pod) && !isTerminating(pod);

/** Pods are named after their workload. */
const workloadOf = ({ metadata: { labels } }: PodObject): string => labels?.['app'] ?? '';
