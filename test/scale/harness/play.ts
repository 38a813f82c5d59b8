/** Plays one scenario from an empty namespace to its end, with an operator that may be killed at one of its writes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WriteGate, type Write } from '../../../testbed/write-gate.ts';
import { brokenRules } from './audit-rules.ts';
import { endStateOf, type EndState } from './end-state.ts';
import { FakeRelease, firstValues, type Values } from './fake-release.ts';
import { releaseName, type Shape, type WorkloadName } from './manifests.ts';
import { OperatorProcess, type Settings } from './operator-process.ts';
import type { ReleaseInside } from './release-inside.ts';
import { isSettled } from './settled.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

export interface Scenario {
  /** A row of the choreography. */
  readonly name: string;
  readonly shape?: Shape;
  readonly values?: Values;
  readonly settings?: Settings;
  /** Before the operator's writes are counted. Without it the operator has adopted the release and come to rest. */
  readonly given?: (stage: Stage) => Promise<void>;
  /** What people do, and what they wait for; ends when the release is at rest. */
  readonly when: (stage: Stage) => Promise<void>;
  /** The writes are counted from the operator's first start on. */
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
  SILENCE_SECONDS: '2',
};

const quietMs = 300;

/** What a scenario works with. */
export class Stage {
  readonly release: FakeRelease;
  readonly inside: ReleaseInside;
  readonly gate: WriteGate;
  readonly #settings: Settings;
  #operator: OperatorProcess | undefined;
  /** Of operators that were killed. */
  readonly log: string[] = [];

  constructor(release: FakeRelease, inside: ReleaseInside, gate: WriteGate, settings: Settings) {
    this.release = release;
    this.inside = inside;
    this.gate = gate;
    this.#settings = settings;
  }

  start(): void {
    this.#operator = new OperatorProcess({ server: this.gate.url, settings: this.#settings });
  }

  async kill(): Promise<void> {
    await this.#operator?.kill();
    this.log.push(this.#operator?.said ?? '');
    this.#operator = undefined;
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
    await stage.kill();
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
      void stage.kill().then(() => {
        gate.open();
        stage.start();
      });
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
