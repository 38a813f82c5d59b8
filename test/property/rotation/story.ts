/** Tells one story: a list of events happens to a cluster, and after each one the invariants of the choreography hold. */
import fc from 'fast-check';
import { keysOf, targetOf, type Keyring, type KeyRecord } from '../../../shared/credential/keyring.ts';
import type { VerifierState } from '../../../shared/credential/accepted-set.ts';
import { decide } from '../../../operator/decide/decide.ts';
import { maxRepairs } from '../../../operator/decide/repair.ts';
import { maxStamps } from '../../../operator/decide/reverted.ts';
import type { Action } from '../../../operator/model/action.ts';
import type { Request } from '../../../operator/model/snapshot.ts';
import { ClusterModel, markOf, type PodModel, type WorkloadModel } from './cluster-model.ts';
import { OperatorModel, type CacheName, type Decide } from './operator-model.ts';

const eventWeights = {
  round: 10,
  rounds: 4,
  pass: 6,
  dyingPass: 2,
  refresh: 5,
  control: 6,
  kubelet: 8,
  lateKubelet: 4,
  crash: 6,
  verifierWatch: 4,
  restartOperator: 1,
  edit: 4,
  editBoth: 1,
  editBack: 6,
  slip: 3,
  blindRender: 2,
  accept: 1,
  abort: 1,
  revoke: 1,
  pause: 1,
  touch: 1,
  revert: 1,
  wait: 3,
} as const;

type EventName = keyof typeof eventWeights;

export interface Event {
  readonly name: EventName;
  /** Chooses among pods, workloads and so on. */
  readonly pick: number;
}

export const events: fc.Arbitrary<Event[]> = fc.array(
  fc.record({
    name: fc.oneof(
      ...Object.entries(eventWeights).map(([name, weight]) => ({ weight, arbitrary: fc.constant(name as EventName) })),
    ),
    pick: fc.nat(1_000),
  }),
  { minLength: 10, maxLength: 120, size: 'max' },
);

const keyNames = keysOf.bootstrap;
const caches: readonly CacheName[] = ['secrets', 'workloads', 'pods'];

/** What a story runs on: the real pieces, or variants that must be caught. */
export interface Cast {
  readonly decide: Decide;
  readonly forgets?: (state: VerifierState) => VerifierState;
}

export const realCast: Cast = { decide };

export class Story {
  readonly #cluster: ClusterModel;
  readonly #operator: OperatorModel;
  #valueCount = 0;
  /** Generations recorded after adoption, by key: what bounds the restarts. */
  #edits = 0;
  /** What a person wanted to be refused at once. */
  readonly #revoked = new Set<string>();
  /** What the operator itself took out of the Secret. */
  readonly #putBack = new Set<string>();

  constructor(cast: Cast, verifierReplicas: number) {
    const values = { 'service-token': this.#newValue(), 'session-secret': this.#newValue() };
    this.#cluster = new ClusterModel(values, verifierReplicas, cast.forgets);
    this.#operator = new OperatorModel(this.#cluster, cast.decide, (action) => this.#beforeWrite(action));
  }

  tell(told: readonly Event[]): void {
    for (const event of told) {
      this.#happen(event);
      this.#heartbeat(event.pick);
      this.#everyHeldValueIsAccepted();
      this.#everyStampIsTrue();
    }
    this.#converge();
    this.#isFixedPoint();
  }

  #happen({ name, pick }: Event): void {
    const cluster = this.#cluster;
    const pod = cluster.pods[pick % cluster.pods.length];
    cluster.now += 50;
    switch (name) {
      case 'edit':
        return cluster.writeBootstrap({ ...cluster.values, [keyNames[pick % 2]!]: this.#newValue() });
      case 'editBoth':
        return cluster.writeBootstrap({ 'service-token': this.#newValue(), 'session-secret': this.#newValue() });
      case 'editBack':
        return this.#editBack(pick);
      case 'slip':
        return this.#slip(pick, pod);
      case 'blindRender':
        return this.#blindRender();
      case 'accept':
        return this.#ask('accept', ({ accepted }) => accepted.find(({ origin }) => origin === 'rendered')?.name);
      case 'abort':
        return this.#ask('abort', ({ target }) => target);
      case 'revoke':
        return this.#ask('revoke', ({ accepted }) => accepted[pick % accepted.length]?.name);
      case 'pause':
        return this.#pause(pick % 2 === 0);
      case 'pass':
        this.#operator.pass();
        return;
      case 'dyingPass':
        this.#operator.pass(pick % 2);
        return;
      case 'refresh':
        return this.#operator.refresh(caches[pick % caches.length]!);
      case 'restartOperator':
        return this.#operator.restart();
      case 'control':
        return cluster.control(cluster.workloads[pick % cluster.workloads.length]!);
      case 'kubelet':
        return this.#kubelet(pod, false);
      case 'lateKubelet':
        return this.#kubelet(pod, true);
      case 'crash':
        return pod?.state === 'running' ? cluster.startContainer(pod, false) : undefined;
      case 'verifierWatch':
        return cluster.running('verifier')[pick % 2]?.verifier?.step();
      case 'touch':
        cluster.workloads[pick % 3]!.resourceVersion = cluster.nextVersion();
        return undefined;
      case 'revert':
        return this.#revert(cluster.workloads[pick % 3]!);
      case 'wait':
        cluster.now += 500 * (pick % 6);
        return undefined;
      case 'round':
        return this.#round(pick);
      case 'rounds':
        for (let round = 0; round < 2 + (pick % 8); round += 1) this.#round(pick >> 3);
        return undefined;
    }
  }

  /** A renderer that cannot see the cluster makes up both values, and says so. */
  #blindRender(): void {
    const values = { 'service-token': this.#newValue(), 'session-secret': this.#newValue() };
    this.#cluster.writeBootstrap(values, { ...this.#cluster.annotations, mark: markOf(values) });
  }

  #ask(request: Request, choose: (record: KeyRecord) => string | undefined): void {
    const record = this.#keyring?.keys['service-token'];
    const name = record && choose(record);
    if (name === undefined) return;
    const { mark, requests } = this.#cluster.annotations;
    this.#cluster.writeBootstrap(this.#cluster.values, { mark, requests: { ...requests, [request]: name } });
  }

  #pause(pause: boolean): void {
    const { mark, requests } = this.#cluster.annotations;
    this.#cluster.writeBootstrap(this.#cluster.values, { mark, requests: { ...requests, pause } });
  }

  /** Back to an earlier value that was not retired: a person's undo. */
  #editBack(pick: number): void {
    const retired = new Set(this.#keyring?.keys['service-token']?.retired.map(({ value }) => value));
    const earlier = this.#cluster.bootstrap
      .map(({ content }) => content['service-token'])
      .filter((value) => !retired.has(value));
    const value = earlier[Math.max(0, earlier.length - 1 - (pick % 4))] ?? this.#newValue();
    this.#cluster.writeBootstrap({ ...this.#cluster.values, 'service-token': value });
  }

  /** A person puts an earlier value back and corrects it at once; in between a container starts again. */
  #slip(pick: number, pod: PodModel | undefined): void {
    const { values } = this.#cluster;
    this.#editBack(pick);
    if (pod?.state === 'running') this.#cluster.startContainer(pod, false);
    this.#cluster.now += 50;
    this.#cluster.writeBootstrap(values);
  }

  /** A tool begins to put the template back, or ends it. */
  #revert(workload: WorkloadModel): void {
    workload.isReverting = !workload.isReverting;
    if (workload.isReverting) this.#cluster.revertTemplate(workload);
  }

  #kubelet(pod: PodModel | undefined, late: boolean): void {
    if (pod?.state === 'created') this.#cluster.startContainer(pod, late);
    else if (pod?.terminating === true) this.#cluster.end(pod);
  }

  /** Everything moves on by one step; by `pick`, one of the caches or the kubelet may stay behind. */
  #round(pick: number): void {
    const cluster = this.#cluster;
    for (const [index, cache] of caches.entries()) if (pick % 8 !== index + 1) this.#operator.refresh(cache);
    this.#operator.pass();
    for (const workload of cluster.workloads) cluster.control(workload);
    for (const workload of cluster.workloads) if (workload.isReverting) cluster.revertTemplate(workload);
    for (const pod of cluster.pods.slice()) this.#kubelet(pod, pick % 8 === 4);
    for (const { verifier } of cluster.running('verifier')) verifier?.step();
    cluster.now += 1_000;
  }

  /** Now and then every presenter uses its token with one of the verifiers. */
  #heartbeat(pick: number): void {
    if (pick % 4 !== 0) return;
    const verifiers = this.#cluster.running('verifier');
    const { verifier } = verifiers[(pick >> 2) % verifiers.length] ?? {};
    for (const { holds, ip } of this.#cluster.running('presenter')) {
      verifier?.present(holds!['service-token'], ip, this.#cluster.now);
    }
  }

  /** Invariant 1. The one limit: a verifier that started after the value was replaced and before it was recorded. */
  #everyHeldValueIsAccepted(): void {
    for (const { verifier, name: verifierName } of this.#cluster.running('verifier')) {
      for (const { holds, name, startedTooLate } of this.#cluster.running('presenter')) {
        const value = holds!['service-token'];
        if (startedTooLate || this.#revoked.has(value) || verifier!.accepts(value)) continue;
        if (!verifier!.couldKnow(value) && !this.#putBack.has(value)) continue;
        verifier!.catchUp();
        ensure(verifier!.accepts(value), `${verifierName} refuses what ${name} holds`);
      }
    }
  }

  /** Invariant 4: what carries the target's stamp holds the target's value, or that of a later edit. */
  #everyStampIsTrue(): void {
    const record = this.#keyring?.keys['service-token'];
    if (!record) return;
    const since = this.#cluster.bootstrap.filter(
      ({ resourceVersion }) => resourceVersion >= Number(targetOf(record).recordedFrom),
    );
    for (const { holds, stamps, startedLate, name } of this.#cluster.running('presenter')) {
      if (startedLate || stamps['service-token'] !== record.target) continue;
      const isTrue = since.some(({ content }) => content['service-token'] === holds!['service-token']);
      ensure(isTrue, `${name} carries the target's stamp and holds an older value`);
    }
  }

  #beforeWrite(action: Action): void {
    if (action.kind === 'WriteSource' && action.values['service-token'] !== undefined) {
      this.#putBack.add(this.#cluster.values['service-token']);
    }
    if (action.kind !== 'WriteKeyring') return;
    const before = this.#keyring?.keys['service-token'];
    const after = action.keyring.keys['service-token']!;
    this.#edits += action.notices.filter(({ reason }) => reason === 'RotationStarted').length;
    const kept = new Set(after.accepted.map(({ value }) => value));
    const ended = (before?.accepted ?? []).map(({ value }) => value).filter((value) => !kept.has(value));
    const isRevoked = action.notices.some(({ reason }) => reason === 'Revoked');
    for (const value of ended) if (isRevoked) this.#revoked.add(value);
    for (const value of ended) if (!isRevoked) this.#nobodyHolds(value);
    if (before && before.committed !== after.committed) this.#nobodyAcceptsWhatIsRetired(after.retired);
  }

  /** Invariant 2. */
  #nobodyHolds(value: string): void {
    for (const { holds, name } of this.#cluster.running('presenter')) {
      ensure(holds!['service-token'] !== value, `a generation is retired that ${name} holds`);
    }
  }

  /** Committed means read back: no verifier that serves accepts what has been retired. */
  #nobodyAcceptsWhatIsRetired(retired: readonly { readonly value: string }[]): void {
    for (const { verifier, name, terminating } of this.#cluster.running('verifier')) {
      const accepted = retired.some(({ value }) => verifier!.accepts(value));
      ensure(terminating || !accepted, `${name} accepts a retired generation when the target is committed`);
    }
  }

  /**
   * Invariant 5: wherever the operator was stopped, it ends in the same place. A person helps only where the design has
   * its limits: a pod that started with a retired value, and a workload that was repaired twice already.
   */
  #converge(): void {
    const cluster = this.#cluster;
    this.#pause(false);
    for (const workload of cluster.workloads) if (workload.isReverting || workload.wasReverted) this.#letBe(workload);
    // Nothing else happens in the moment of a restart.
    cluster.now += 50;
    this.#round(0);
    // What the last round recorded as made up may stay this long before it is put back.
    cluster.now += longestPutBackMs;
    for (let round = 0; round < 120; round += 1) {
      this.#round(0);
      for (const { verifier } of cluster.running('verifier')) verifier!.catchUp();
      for (const pod of cluster.running('presenter')) if (this.#needsHelp(pod)) cluster.startContainer(pod, false);
      for (const [index] of cluster.running('verifier').entries()) this.#heartbeat(4 * index);
    }
    this.#operator.restart();
    const plan = this.#operator.pass();
    ensure(plan.phase === 'Stable', `the rotation ends in ${plan.phase}: ${JSON.stringify(plan.keys)}`);
    for (const key of keyNames) {
      const record = this.#keyring!.keys[key]!;
      ensure(targetOf(record).value === cluster.values[key], `the last value of ${key} is in force`);
      ensure(record.committed === record.target && record.accepted.length === 1, `${key} is committed`);
    }
    for (const { name, restarts, wasReverted } of cluster.workloads) {
      const perEdit = wasReverted ? maxStamps * this.#operator.lives + 1 : 1;
      ensure(restarts <= this.#edits * perEdit, `${name} restarted ${restarts} times for ${this.#edits} edits`);
    }
  }

  /** A person tells the tool to leave the template alone, and restarts the workload. */
  #letBe(workload: WorkloadModel): void {
    workload.isReverting = false;
    this.#cluster.patchTemplate(workload, workload.stamps, this.#cluster.now);
  }

  #needsHelp({ holds, startedTooLate, workload }: PodModel): boolean {
    if (holds!['service-token'] === this.#cluster.values['service-token']) return false;
    const repairs = this.#keyring?.keys['service-token']?.repairs ?? [];
    const owner = `${workload.kind}/${workload.name}`;
    return startedTooLate || repairs.filter((repair) => repair.owner === owner).length >= maxRepairs;
  }

  /** Invariant 9: nothing restarts without a change. */
  #isFixedPoint(): void {
    const cluster = this.#cluster;
    const restarts = cluster.workloads.map((workload) => workload.restarts);
    cluster.patchTemplate(cluster.workloads[1]!, {}, undefined);
    cluster.workloads[0]!.resourceVersion = cluster.nextVersion();
    for (let round = 0; round < 5; round += 1) {
      this.#operator.restart();
      const { actions } = this.#operator.pass();
      ensure(actions.length === 0, `a settled cluster is left alone, not ${actions.map(({ kind }) => kind).join()}`);
      cluster.settleWorkloads();
    }
    ensure(
      cluster.workloads.every((workload, index) => workload.restarts === restarts[index]),
      'nothing restarts without a change',
    );
  }

  get #keyring(): Keyring | undefined {
    return this.#cluster.keyring.at(-1)?.content;
  }

  #newValue(): string {
    this.#valueCount += 1;
    return `value-${this.#valueCount}-`.padEnd(48, 'abcdefgh');
  }
}

/** Milliseconds that a value which a renderer made up may stay. */
const longestPutBackMs = 300_000;

function ensure(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}
