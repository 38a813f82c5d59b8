/** Plays one scenario from an empty namespace to its end, with an operator that may be killed at one of its writes. */
import type { Write } from '../../../testbed/write-gate.ts';
import { brokenRules } from './audit-rules.ts';
import { endStateOf, type EndState } from './end-state.ts';
import type { WorkloadName } from './manifests.ts';
import { Stage, type StageOptions } from './stage.ts';
import type { World } from './world.ts';

export interface Scenario extends StageOptions {
  /** A row of the choreography. */
  readonly name: string;
  /** How many side by side, where waiting is most of it. */
  readonly width?: number;
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

/** With `point` the operator is killed when it wants to do its write number `point`, from 0, and started again. */
export async function play(scenario: Scenario, world: World, point?: number): Promise<Played> {
  const stage = await Stage.open(world, 'crash', scenario);
  try {
    return await act(scenario, stage, world, point);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${stage.operator.said}`, { cause: error });
  } finally {
    await stage.close();
  }
}

async function act(scenario: Scenario, stage: Stage, world: World, point: number | undefined): Promise<Played> {
  const { release, inside, operator } = stage;
  const { gate } = operator;
  if (!scenario.fromTheStart) {
    operator.start();
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
  if (scenario.fromTheStart) operator.start();
  await scenario.when(stage);
  const endState = await endStateOf(release, inside);
  const trail = await world.audit.take(release.namespace);
  return {
    writes: gate.writes.slice(counted),
    killedAt,
    endState,
    restarts: difference(await release.restarts(), before),
    violations: [
      ...(scenario.refusalsBecause === undefined ? inside.refusals : []),
      ...(scenario.unorderedBecause === undefined ? brokenRules(trail) : []),
    ],
  };
}

export function difference(after: Readonly<Record<WorkloadName, number>>, before: Readonly<Record<WorkloadName, number>>): Record<WorkloadName, number> {
  return { backend: after.backend - before.backend, agent: after.agent - before.agent, scanner: after.scanner - before.scanner };
}
