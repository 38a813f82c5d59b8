/** Plays one scenario from an empty namespace to its end, with an operator that may be killed at one of its writes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteGate, type Write } from '../../../testbed/write-gate.ts';
import { brokenRules } from './audit-rules.ts';
import { endStateOf, type EndState } from './end-state.ts';
import { FakeRelease, firstValues, type Values } from './fake-release.ts';
import { releaseName, secretName, type Shape, type WorkloadName } from './manifests.ts';
import { OperatorProcess, type Settings } from './operator-process.ts';
import type { ReleaseInside } from './release-inside.ts';
import { isSettled } from './settled.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export interface Scenario {
  /** A row of the choreography. */
  readonly name: string;
  /** How many side by side, where waiting is most of it. */
  readonly width?: number;
  readonly shape?: Shape;
  readonly values?: Values;
  readonly settings?: Settings;
  /** Before the operator's writes are counted. Without it the operator has adopted the release and come to rest. */
  readonly given?: (stage: Stage) => Promise<void>;
  /** What people do, and what they wait for; ends when the release is at rest. */
  readonly when: (stage: Stage) => Promise<void>;
  /** The writes are counted from the operator's first start on; `given` comes before it. */
  readonly fromTheStart?: true;
  /** Pods may be refused: why. */
  readonly refusalsBecause?: string;
  /** Parts of the end state that a crash may change, with the reason. */
  readonly mayDiffer?: { readonly parts: readonly string[]; readonly because: string };
  /** The order of writes is another one than that of an edit: why. */
  readonly unorderedBecause?: string;
}

export interface Played {
  readonly writes: readonly Write[];
  /** The write that was withheld; undefined where the operator came to its end before. */
  readonly killedAt: Write | undefined;
  readonly endState: EndState;
  readonly restarts: Readonly<Record<WorkloadName, number>>;
  /** A sentence for each broken invariant. */
  readonly violations: readonly string[];
}

/** Times in fractions of a second, so that hundreds of rotations fit into minutes. */
const shortTimes: Settings = {
  DEBOUNCE_SECONDS: '0.2',
  DEBOUNCE_MAX_SECONDS: '1',
  SILENCE_SECONDS: '600', // each pod proves itself by its address
};

const quietMs = 300;

/** What a scenario works with. */
export class Stage {
  readonly release: FakeRelease;
  readonly inside: ReleaseInside;
  readonly gate: WriteGate;
  readonly #settings: Settings;
  #operator: OperatorProcess | undefined;
  #isOver = false;
  /** Of operators that were killed. */
  readonly log: string[] = [];

  constructor(release: FakeRelease, inside: ReleaseInside, gate: WriteGate, settings: Settings) {
    this.release = release;
    this.inside = inside;
    this.gate = gate;
    this.#settings = settings;
  }

  start(): void {
    if (this.#isOver) return;
    this.#operator = new OperatorProcess({ server: this.gate.url, settings: this.#settings });
  }

  async kill(): Promise<void> {
    await this.#operator?.kill();
    this.log.push(this.#operator?.said ?? '');
    this.#operator = undefined;
  }

  /** No operator starts any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.kill();
  }

  /** Killed, and started again as soon as its Lease has run out; the harness does not wait for that, and takes it away. */
  async restart(): Promise<void> {
    await this.kill();
    await this.release.dropLease();
    this.gate.open();
    this.start();
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

  /** Name of the service token's generation that a renderer made up. */
  async rendered(): Promise<string | undefined> {
    return (await this.release.keyring())?.keys['service-token']?.accepted.find(({ origin }) => origin === 'rendered')?.name;
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
      const version = (await this.release.secret())?.metadata.resourceVersion;
      return (status?.data.phase === phase && status.data.bootstrapResourceVersion === version) || `it is ${status?.data.phase}`;
    });
  }

  /** Waits until the release is as it will stay, and the operator writes nothing more. */
  async settled(phase = 'Stable'): Promise<void> {
    await this.until(`phase ${phase}`, () => isSettled(this.release, phase));
    let writes = -1;
    while (writes !== this.gate.writes.length || this.#operator === undefined) {
      writes = this.gate.writes.length;
      await sleep(quietMs);
    }
    // It may have been on its way to something else.
    await this.until(`phase ${phase}`, () => isSettled(this.release, phase));
  }

  async until(what: string, ask: () => Promise<true | string>): Promise<void> {
    await until(what, async () => {
      if (this.#operator?.hasEndedByItself) throw new Error(`waiting for ${what}: the operator has ended by itself`);
      return ask();
    });
  }

  get said(): string {
    return [...this.log, this.#operator?.said ?? ''].join('\n--- killed ---\n');
  }
}

/** With `point` the operator is killed when it wants to do its write number `point`, from 0, and started again. */
export async function play(scenario: Scenario, world: World, point?: number): Promise<Played> {
  const { shape = {}, values = firstValues, settings = {} } = scenario;
  const gate = await WriteGate.start(world.connection);
  const release = await FakeRelease.create(world.connection, 'crash', shape, values, (namespace) => world.audit.follow(namespace));
  const inside = world.insides.follow(release.namespace, releaseName);
  const identity = { RELEASE: releaseName, POD_NAMESPACE: release.namespace, POD_NAME: 'operator' };
  const stage = new Stage(release, inside, gate, { ...shortTimes, ...identity, ...settings });
  try {
    return await act(scenario, stage, world, point);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${stage.said}`, { cause: error });
  } finally {
    await stage.end();
    await gate.stop();
    await world.insides.leave(release.namespace);
    await release.remove();
  }
}

async function act(scenario: Scenario, stage: Stage, world: World, point: number | undefined): Promise<Played> {
  const { release, inside, gate } = stage;
  if (!scenario.fromTheStart) {
    stage.start();
    await stage.settled();
  }
  await scenario.given?.(stage);
  const before = await release.restarts();
  const counted = gate.writes.length;
  let killedAt: Write | undefined;
  if (point !== undefined) {
    gate.shutAfter(point, (write) => {
      if (killedAt) return;
      killedAt = write;
      void stage.restart(); // the scenario goes on meanwhile
    });
  }
  if (scenario.fromTheStart) stage.start();
  await scenario.when(stage);
  const after = await release.restarts();
  const restarts = Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - before[name as WorkloadName]]));
  const endState = await endStateOf(release, inside);
  const trail = await world.audit.take(release.namespace);
  return {
    writes: gate.writes.slice(counted),
    killedAt,
    endState,
    restarts: restarts as Played['restarts'],
    violations: [
      ...(scenario.refusalsBecause === undefined ? inside.refusals : []),
      ...(scenario.unorderedBecause === undefined ? brokenRules(trail) : []),
    ],
  };
}
