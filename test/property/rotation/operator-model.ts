/** The operator in the model: the real `decide`, caches that lag behind the cluster, and a death between any two writes. */
import type { decide } from '../../../operator/decide/decide.ts';
import type { Action } from '../../../operator/model/action.ts';
import { defaultSettings, type Draw, type Plan } from '../../../operator/model/plan.ts';
import { isSameRecord, isServingVerifier, lacksAnswers, Unasked, type Answer, type Pod, type Snapshot, type SourceSecret, type Stamped, type Workload } from '../../../operator/model/snapshot.ts';
import { isReady, markOf, type ClusterModel, type PodModel, type WorkloadModel } from './cluster-model.ts';

export type Decide = typeof decide;
export type Caches = Pick<Snapshot, 'sources' | 'keyring' | 'workloads' | 'pods'>;
export type CacheName = 'secrets' | 'workloads' | 'pods';

export class OperatorModel {
  readonly #cluster: ClusterModel;
  readonly #decide: Decide;
  readonly #onWrite: (action: Action) => void;
  #cached: Caches;
  #stamped: readonly Stamped[] = [];
  #nameCount = 0;
  /** How many processes there were. */
  lives = 1;

  constructor(cluster: ClusterModel, decideUnderTest: Decide, onWrite: (action: Action) => void) {
    this.#cluster = cluster;
    this.#decide = decideUnderTest;
    this.#onWrite = onWrite;
    this.#cached = read(cluster);
  }

  /** A watch delivers everything up to now. */
  refresh(cache: CacheName): void {
    const { sources, keyring, workloads, pods } = read(this.#cluster);
    const fresh = { secrets: { sources, keyring }, workloads: { workloads }, pods: { pods } } as const;
    this.#cached = { ...this.#cached, ...fresh[cache] };
  }

  /** A new process lists everything anew. */
  restart(): void {
    this.lives += 1;
    this.#stamped = [];
    this.#cached = read(this.#cluster);
  }

  /** One pass that dies after `writes` writes; returns what it decided. */
  pass(writes = Infinity): Plan {
    const remembered = this.#snapshot(this.#cached, false);
    const known = { ...remembered, answers: new Unasked() };
    let plan = this.#decideOn(known);
    if (plan.actions.length === 0 && lacksAnswers(known)) plan = this.#decideOn(remembered);
    if (plan.actions.some(({ kind }) => kind === 'Reread')) {
      const fresh = this.#snapshot(read(this.#cluster), true);
      if (!isSameRecord(fresh, remembered)) return plan;
      plan = this.#decideOn(fresh);
    }
    for (const action of plan.actions.slice(0, writes)) this.#carryOut(action);
    if (plan.actions.length > writes) this.restart();
    return plan;
  }

  #snapshot(caches: Caches, fresh: boolean): Snapshot {
    return {
      ...caches,
      awaited: [],
      brokenKeyring: undefined,
      lastKeyring: undefined,
      stamped: this.#stamped,
      answers: ask(this.#cluster, caches),
      fresh,
    };
  }

  #decideOn(snapshot: Snapshot): Plan {
    const draw: Draw = { name: () => this.#newName(), value: () => this.#newName().padEnd(48, 'v') };
    return this.#decide(snapshot, this.#cluster.now, draw, defaultSettings);
  }

  #newName(): string {
    this.#nameCount += 1;
    return `g${this.#nameCount}`;
  }

  /** The API server's side: a write that was decided on an older version is refused. */
  #carryOut(action: Action): void {
    const cluster = this.#cluster;
    switch (action.kind) {
      case 'WriteKeyring':
        if (action.resourceVersion !== versionOf(cluster.keyring)) return;
        this.#onWrite(action);
        return cluster.writeKeyring(action.keyring);
      case 'WriteSource': {
        if (action.resourceVersion !== versionOf(cluster.bootstrap)) return;
        this.#onWrite(action);
        const { mark, requests } = cluster.annotations;
        const kept = Object.entries(requests).filter(([request]) => !(action.consumed as readonly string[]).includes(request));
        const left = { mark: action.dropsMark ? undefined : mark, requests: { pause: false, ...Object.fromEntries(kept) } };
        return cluster.writeBootstrap({ ...cluster.values, ...action.values }, left);
      }
      case 'Disown':
        throw new Error('nobody else owns values here');
      case 'Stamp': {
        const workload = cluster.workloads.find(({ name }) => name === action.workload.name)!;
        if (String(workload.resourceVersion) !== action.workload.resourceVersion) return;
        this.#onWrite(action);
        workload.restarts += 1;
        this.#stamped = [...this.#stamped, { uid: action.workload.uid, stamps: action.stamps, at: cluster.now }];
        return cluster.patchTemplate(workload, { ...workload.stamps, ...action.stamps }, action.isRepeated ? workload.restartedAt : cluster.now);
      }
      case 'Evict': {
        const pod = cluster.pods.find(({ name }) => name === action.pod.uid);
        if (pod) pod.terminating = true;
        return;
      }
      case 'Reread':
        throw new Error('a fresh snapshot asked for another one');
    }
  }
}

function read(cluster: ClusterModel): Caches {
  const { content, mark, requests, resourceVersion } = cluster.bootstrap.at(-1)!;
  const keyring = cluster.keyring.at(-1);
  const bootstrap: SourceSecret = {
    uid: 'bootstrap',
    resourceVersion: String(resourceVersion),
    values: content,
    editedBy: {},
    identity: { type: 'Opaque', labels: {}, annotations: {} },
    createdAt: 0,
    external: false,
    hasRenderMark: mark !== undefined,
    isBlindRender: mark === markOf(content),
    ownership: undefined,
    requests,
  };
  return {
    sources: { bootstrap },
    keyring: keyring && { resourceVersion: String(keyring.resourceVersion), keyring: keyring.content },
    workloads: cluster.workloads.map((workload) => seenWorkload(workload, cluster)),
    pods: cluster.pods.map(seenPod),
  };
}

function seenWorkload(workload: WorkloadModel, cluster: ClusterModel): Workload {
  const alive = cluster.podsOf(workload).filter(({ terminating }) => !terminating);
  const updated = alive.filter(({ generation }) => generation === workload.observedGeneration);
  const { kind, name, role, reads, stamps, restartedAt, desired } = workload;
  const rollout = {
    observed: workload.observedGeneration === workload.generation,
    desired,
    updated: updated.length,
    total: alive.length,
    available: alive.filter(isReady).length,
    budget: 0,
  };
  return {
    kind,
    name,
    uid: name,
    role,
    verify: 'live',
    reads,
    stamps,
    resourceVersion: String(workload.resourceVersion),
    rollout,
    restartable: true,
    halted: undefined,
    restartedAt,
    trouble: undefined,
  };
}

function seenPod(pod: PodModel): Pod {
  const { name, ip, workload, stamps, createdAt, startedAt, terminating } = pod;
  const owner = `${workload.kind}/${workload.name}`;
  const { role, reads } = workload;
  return {
    name,
    uid: name,
    addresses: [ip],
    owner,
    port: 8000,
    role,
    verify: 'live',
    reads,
    stamps,
    createdAt,
    startedAt,
    terminating,
    ready: isReady(pod),
    graceEndsAt: undefined,
    trouble: undefined,
  };
}

/** Verifiers are asked live, but only those that the cache knows. */
function ask(cluster: ClusterModel, { pods }: Caches): Map<string, Answer> {
  return new Map(
    pods.filter(isServingVerifier).map(({ uid }): [string, Answer] => {
      const verifier = cluster.pods.find(({ name }) => name === uid)?.verifier;
      return [uid, verifier ? { attestation: verifier.attest(cluster.now) } : { failure: 'gone' }];
    }),
  );
}

const versionOf = (versions: readonly { resourceVersion: number }[]): string | undefined => {
  const newest = versions.at(-1);
  return newest && String(newest.resourceVersion);
};
