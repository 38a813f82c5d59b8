/** One release in a namespace of its own: its way of delivery, its pods' insides, and what is written down about it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import type { ReleaseInside } from '../scale/harness/release-inside.ts';
import { isSettled } from '../scale/harness/settled.ts';
import { until } from '../scale/harness/until.ts';
import type { World } from '../scale/harness/world.ts';
import { DeliveredRelease } from './delivered-release.ts';
import { releaseName, type Mode } from './modes.ts';
import { OperatorPods } from './operator-pods.ts';
import { PodHistory } from './pod-history.ts';
import { Site } from './site.ts';
import type { Tool, Way } from './tools/tool.ts';

const quietMs = 500;
const patience = { deadlineMs: 150_000, everyMs: 300 };

export class Stage {
  readonly site: Site;
  readonly release: DeliveredRelease;
  readonly inside: ReleaseInside;
  readonly pods: PodHistory;
  readonly tool: Tool;
  readonly other: Tool;
  readonly #world: World;
  readonly #operators: OperatorPods;

  private constructor(world: World, way: Way, mode: Mode) {
    const { connection, insides } = world;
    const namespace = `delivery-${nanoid(8).toLowerCase().replace(/[^a-z0-9]/g, '0')}`;
    this.#world = world;
    this.#operators = new OperatorPods(connection);
    this.site = new Site(namespace, mode);
    this.release = new DeliveredRelease(connection, namespace, mode);
    this.inside = insides.follow(namespace, releaseName, mode.sources.bootstrap);
    this.pods = new PodHistory(connection, namespace, (pod, isGone) => this.#operators.saw(pod, isGone));
    this.tool = way.open(this.site, connection);
    this.other = way.inTurnWith(this.site, connection);
  }

  static async open(world: World, way: Way, mode: Mode): Promise<Stage> {
    const stage = new Stage(world, way, mode);
    await stage.release.prepare();
    await stage.pods.start();
    return stage;
  }

  async close(): Promise<void> {
    await this.tool.stop?.();
    await this.#operators.stop();
    await this.pods.stop();
    await this.#world.insides.leave(this.site.namespace);
    await this.release.remove();
  }

  /** Until the release is as it will stay, and the operator has written nothing for a while. */
  async settled(): Promise<void> {
    for (let writes = -1; writes !== (await this.#operators.writes()); ) {
      writes = await this.#operators.writes();
      await this.until('Stable', () => isSettled(this.release, 'Stable'));
      await sleep(quietMs);
    }
  }

  /** Until nothing of it runs any more. */
  async gone(): Promise<void> {
    await this.until('no pod', async () => (await this.release.pods()).length === 0 || 'there are some');
  }

  async until(what: string, ask: () => Promise<true | string>): Promise<void> {
    try {
      await until(what, ask, patience);
    } catch (error) {
      throw new Error([(error as Error).message, ...this.site.failures, await this.#operators.said()].join('\n'), { cause: error });
    }
  }
}
