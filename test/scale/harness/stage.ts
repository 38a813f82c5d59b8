/** What a scenario works with: a release on fake nodes, the inside of its pods, and its operator. */
import { setTimeout as sleep } from 'node:timers/promises';
import { targetOf, type KeyName } from '../../../shared/credential/keyring.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { secretEntry } from '../../../shared/kube/objects.ts';
import { Contender } from './contender.ts';
import { FakeRelease, firstValues, type Values } from './fake-release.ts';
import { releaseName, secretName, type Shape, type WorkloadName } from './manifests.ts';
import type { Settings } from './operator-process.ts';
import type { ReleaseInside } from './release-inside.ts';
import { isSettled } from './settled.ts';
import { until, type Patience } from './until.ts';
import type { World } from './world.ts';

export interface StageOptions {
  readonly shape?: Shape;
  readonly values?: Values;
  /** Instead of short times. */
  readonly settings?: Settings;
  /** The operator's way to the API server, instead of a straight one. */
  readonly way?: Connection;
}

/** Times in fractions of a second, so that hundreds of rotations fit into minutes. */
const shortTimes: Settings = {
  DEBOUNCE_SECONDS: '0.2',
  DEBOUNCE_MAX_SECONDS: '1',
  SILENCE_SECONDS: '600', // each pod proves itself by its address
};

const quietMs = 300;
/** Rest stays, so that nothing is missed between two looks; hundreds of them side by side cost more than they find out. */
const untilRest: Patience = { everyMs: 800 };

export class Stage {
  readonly release: FakeRelease;
  readonly inside: ReleaseInside;
  readonly operator: Contender;
  readonly #world: World;
  readonly #settings: Settings;
  readonly #contenders: Contender[];

  private constructor(world: World, release: FakeRelease, inside: ReleaseInside, operator: Contender, settings: Settings) {
    this.#world = world;
    this.release = release;
    this.inside = inside;
    this.operator = operator;
    this.#settings = settings;
    this.#contenders = [operator];
  }

  /** The operator is not started yet. */
  static async open(world: World, prefix: string, { shape = {}, values = firstValues, settings = {}, way }: StageOptions): Promise<Stage> {
    const { audit, insides, namespaces } = world;
    const namespace = await namespaces.take(prefix);
    // Before anything is made there: no pod may begin unseen.
    audit.follow(namespace);
    const inside = insides.follow(namespace, releaseName);
    const release = await FakeRelease.create(world, namespace, shape, values);
    const all = { ...shortTimes, RELEASE: releaseName, POD_NAMESPACE: namespace, POD_NAME: 'operator', ...settings };
    return new Stage(world, release, inside, await Contender.create(way ?? world.connection, all), all);
  }

  /** One more operator for the same release, not started yet. */
  async rival(): Promise<Contender> {
    const rival = await Contender.create(this.#world.connection, { ...this.#settings, POD_NAME: 'rival' });
    this.#contenders.push(rival);
    return rival;
  }

  /** The ends of all logs. */
  get said(): string {
    return this.#contenders.map(({ said }) => said).join('\n--- another one ---\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.#contenders.map((contender) => contender.end()));
    await this.#world.insides.leave(this.release.namespace);
    await this.#world.namespaces.giveBack(this.release.namespace);
  }

  /** Killed, and started again as soon as its Lease has run out; the harness does not wait for that, and takes it away. */
  async restart(): Promise<void> {
    await this.operator.kill();
    await this.release.dropLease();
    this.operator.gate.open();
    this.operator.start();
  }

  /** Until these workloads carry the stamp of the present target, which is another one than the committed generation. */
  async stamped(...names: readonly WorkloadName[]): Promise<void> {
    await this.until(`${names.join(' and ')} to be stamped`, async () => {
      const record = (await this.release.keyring())?.keys['service-token'];
      if (!record || record.target === record.committed) return 'no rotation has begun';
      const workloads = await this.release.workloads();
      const stampOf = (name: WorkloadName) => workloads[name].spec.template.metadata.annotations?.['bootstrap.kure.io/service-token'];
      return names.every((name) => stampOf(name) === record.target) || 'they are not';
    });
  }

  /** Name of the generation that a renderer made up, as soon as it is recorded. */
  async rendered(key: KeyName = 'service-token'): Promise<string> {
    let name: string | undefined;
    await this.until('the made-up value to be recorded', async () => {
      name = (await this.release.keyring())?.keys[key]?.accepted.find(({ origin }) => origin === 'rendered')?.name;
      return name !== undefined || 'it is not';
    });
    return name!;
  }

  /** Until the Secret has the committed service token again. */
  async putBack(): Promise<void> {
    await this.until('the value to be put back', async () => {
      const record = (await this.release.keyring())?.keys['service-token'];
      return (record && secretEntry(await this.release.secret(), 'service-token') === targetOf(record).value) || 'it is not';
    });
  }

  /** Whether the status names this. */
  async isNamed(what: string): Promise<true | string> {
    const status = await this.release.status();
    const { keys = {} } = JSON.parse(status?.data['status.json'] ?? '{}') as { keys?: Record<string, { waitingFor?: string[] }> };
    return Object.values(keys).some(({ waitingFor = [] }) => waitingFor.some((it) => it.includes(what))) || 'it is not';
  }

  /** Deletes the Secret and makes it anew, a full second younger than everything else. */
  async replaceBootstrap(values: Values): Promise<void> {
    await this.release.deleteSecret(secretName);
    await sleep(1_100); // API times are whole seconds
    await this.release.createBootstrap(values);
  }

  /** Until the status says so of the present Secret. */
  async reached(phase: string): Promise<void> {
    await this.until(`phase ${phase}`, async () => {
      const status = await this.release.status();
      if (status?.data.phase !== phase) return `it is ${status?.data.phase}`;
      return status.data.bootstrapResourceVersion === (await this.release.secret())?.metadata.resourceVersion || 'that was an older Secret';
    });
  }

  /** Waits until the release is as it will stay, and the operator writes nothing more. */
  async settled(phase = 'Stable'): Promise<void> {
    const ask = () => isSettled(this.release, phase);
    let writes: number;
    do {
      await this.until(`phase ${phase}`, ask, untilRest);
      writes = this.operator.gate.writes.length;
      await sleep(quietMs); // it may be on its way to something else
    } while (writes !== this.operator.gate.writes.length || !this.operator.isRunning || (await ask()) !== true);
  }

  async until(what: string, ask: () => Promise<true | string>, patience?: Patience): Promise<void> {
    const awaited = async () => {
      if (this.operator.hasEndedByItself) throw new Error(`waiting for ${what}: the operator has ended by itself`);
      return ask();
    };
    await until(what, awaited, patience);
  }
}
