/**
 * A small cluster in memory: two Secrets with every version they ever had, three workloads, their pods, a kubelet
 * that may read a little late. It has no opinion about rotations; it only does what a cluster does.
 */
import type { KeyName, Keyring } from '../../../shared/credential/keyring.ts';
import { keysOf } from '../../../shared/credential/keyring.ts';
import type { Requests, Role, Stamps, WorkloadKind } from '../../../operator/model/snapshot.ts';
import { VerifierModel } from './verifier-model.ts';

export type Values = Readonly<Record<(typeof keysOf)['bootstrap'][number], string>>;

export interface Version<T> {
  readonly resourceVersion: number;
  readonly at: number;
  readonly content: T;
}

/** What else a version of the bootstrap Secret says. */
export interface Annotations {
  /** The values that a renderer made up, as its mark names them. */
  readonly mark?: string | undefined;
  readonly requests: Requests;
}

export const markOf = (values: Values): string => `${values['service-token']} ${values['session-secret']}`;

export interface WorkloadModel {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly role: Role;
  readonly reads: readonly KeyName[];
  readonly desired: number;
  stamps: Stamps;
  restartedAt: number | undefined;
  generation: number;
  observedGeneration: number;
  resourceVersion: number;
  restarts: number;
  /** Something puts its template back as it was, whenever the operator has changed it. */
  isReverting: boolean;
  /** Something did so once. */
  wasReverted: boolean;
}

export interface PodModel {
  readonly name: string;
  readonly ip: string;
  readonly workload: WorkloadModel;
  /** Of the workload's template that it was made from. */
  readonly generation: number;
  readonly stamps: Stamps;
  readonly createdAt: number;
  state: 'created' | 'running' | 'gone';
  terminating: boolean;
  startedAt: number | undefined;
  /** What its container read when it started. */
  holds: Values | undefined;
  /** The kubelet's view was behind when the container started. */
  startedLate: boolean;
  /** Its token was retired before the container started: a limit of the design; such a pod is refused and repaired. */
  startedTooLate: boolean;
  /** Of a verifier pod. */
  verifier: VerifierModel | undefined;
}

/** Milliseconds that a kubelet's view of a Secret may be behind (kubernetes/kubernetes#129645); more than the debounce. */
const kubeletLagMs = 5_000;

export class ClusterModel {
  now = 1_000_000;
  readonly bootstrap: (Version<Values> & Annotations)[] = [];
  readonly keyring: Version<Keyring>[] = [];
  readonly workloads: WorkloadModel[];
  readonly pods: PodModel[] = [];
  #version = 100;
  #podCount = 0;
  readonly #forgets: VerifierModel['forgets'];

  constructor(values: Values, verifierReplicas: number, forgets?: VerifierModel['forgets']) {
    this.#forgets = forgets;
    this.writeBootstrap(values, { requests: { pause: false } });
    this.workloads = [
      this.#workload('Deployment', 'backend', 'verifier', keysOf.bootstrap, verifierReplicas),
      this.#workload('DaemonSet', 'agent', 'presenter', ['service-token'], 2),
      this.#workload('Deployment', 'scanner', 'presenter', ['service-token'], 1),
    ];
    this.settleWorkloads();
  }

  get values(): Values {
    return this.bootstrap.at(-1)!.content;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  get annotations(): Annotations {
    const { mark, requests } = this.bootstrap.at(-1)!;
    return { mark, requests };
  }

  /** Any writer's change of the bootstrap Secret; annotations stay as they are unless given. */
  writeBootstrap(content: Values, annotations: Annotations = this.annotations): void {
    this.bootstrap.push({ resourceVersion: this.nextVersion(), at: this.now, content, ...annotations });
  }

  writeKeyring(content: Keyring): void {
    this.keyring.push({ resourceVersion: this.nextVersion(), at: this.now, content });
  }

  running(role: Role): PodModel[] {
    return this.pods.filter((pod) => pod.state === 'running' && pod.workload.role === role);
  }

  /** Any writer's patch of a pod template. */
  patchTemplate(workload: WorkloadModel, stamps: Stamps, restartedAt: number | undefined): void {
    workload.stamps = stamps;
    workload.restartedAt = restartedAt;
    workload.generation += 1;
    workload.resourceVersion = this.nextVersion();
  }

  /** What a GitOps tool does that knows the template without any annotation. */
  revertTemplate(workload: WorkloadModel): void {
    if (Object.keys(workload.stamps).length === 0) return;
    workload.wasReverted = true;
    this.patchTemplate(workload, {}, undefined);
  }

  /** One step of the workload's controller: see the template, surge by one, take one old pod away. */
  control(workload: WorkloadModel): void {
    workload.observedGeneration = workload.generation;
    const alive = this.podsOf(workload).filter(({ terminating }) => !terminating);
    const old = alive.filter(({ generation }) => generation !== workload.generation);
    const fresh = alive.filter(({ generation }) => generation === workload.generation);
    if (fresh.length < workload.desired && alive.length <= workload.desired) this.#createPod(workload);
    else if (old.length > 0 && alive.filter(isReady).length > workload.desired - 1 + Number(isReady(old[0]!))) {
      old[0]!.terminating = true;
    }
    workload.resourceVersion = this.nextVersion();
  }

  /** The kubelet starts the pod's container, or starts it again after a crash: it reads the Secret, perhaps late. */
  startContainer(pod: PodModel, late: boolean): void {
    pod.state = 'running';
    pod.startedAt = this.now;
    pod.startedLate = late;
    const readAt = late ? this.now - kubeletLagMs : this.now;
    pod.holds = (this.bootstrap.findLast(({ at }) => at <= readAt) ?? this.bootstrap[0]!).content;
    pod.startedTooLate = this.hasEnded(pod.holds['service-token']);
    pod.verifier =
      pod.workload.role === 'verifier' ? new VerifierModel(this.now, this.bootstrap, this.keyring, this.#forgets) : undefined;
  }

  /** Whether the value was accepted once and is no more. */
  hasEnded(token: string): boolean {
    const isAccepted = ({ content }: Version<Keyring>) => content.keys['service-token']?.accepted.some(({ value }) => value === token) ?? false;
    const newest = this.keyring.at(-1);
    return newest !== undefined && !isAccepted(newest) && this.keyring.some(isAccepted);
  }

  /** The kubelet lets a terminating pod end. */
  end(pod: PodModel): void {
    pod.state = 'gone';
    this.pods.splice(this.pods.indexOf(pod), 1);
  }

  podsOf(workload: WorkloadModel): PodModel[] {
    return this.pods.filter((pod) => pod.workload === workload);
  }

  /** Lets controllers and kubelets finish everything they have to do. */
  settleWorkloads(): void {
    for (let round = 0; round < 30; round += 1) {
      for (const workload of this.workloads) this.control(workload);
      for (const pod of this.pods.filter(({ state }) => state === 'created')) this.startContainer(pod, false);
      for (const pod of this.pods.filter(({ terminating }) => terminating)) this.end(pod);
    }
  }

  #createPod(workload: WorkloadModel): void {
    this.#podCount += 1;
    this.pods.push({
      name: `${workload.name}-${this.#podCount}`,
      ip: `10.0.${this.#podCount >> 8}.${this.#podCount & 255}`,
      workload,
      generation: workload.generation,
      stamps: workload.stamps,
      createdAt: this.now,
      state: 'created',
      terminating: false,
      startedAt: undefined,
      holds: undefined,
      startedLate: false,
      startedTooLate: false,
      verifier: undefined,
    });
  }

  #workload(kind: WorkloadKind, name: string, role: Role, reads: readonly KeyName[], desired: number): WorkloadModel {
    const resourceVersion = this.nextVersion();
    const template = { stamps: {}, restartedAt: undefined, generation: 1, observedGeneration: 0, resourceVersion };
    return { kind, name, role, reads, desired, ...template, restarts: 0, isReverting: false, wasReverted: false };
  }
}

export const isReady = ({ state }: PodModel): boolean => state === 'running';
