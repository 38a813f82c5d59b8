/** One release in a namespace of its own: its way of delivery, where its pods run, and what is written down about it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../shared/kube/connect.ts';
import { uniqueName } from '../fixtures/unique-name.ts';
import { isSettled } from '../scale/harness/settled.ts';
import { until } from '../scale/harness/until.ts';
import { DeliveredRelease } from './delivered-release.ts';
import type { Ground } from './ground.ts';
import type { Mode } from './modes.ts';
import { PodHistory } from './pod-history.ts';
import { Site } from './site.ts';
import type { Tool, Way } from './tools/tool.ts';

export interface Setting {
  readonly connection: Connection;
  readonly ground: (namespace: string, mode: Mode) => Ground;
}

const quietMs = 500;
const patience = { deadlineMs: 150_000, everyMs: 300 };

export class Stage {
  readonly site: Site;
  readonly release: DeliveredRelease;
  readonly ground: Ground;
  readonly pods: PodHistory;
  readonly tool: Tool;
  readonly other: Tool;

  private constructor({ connection, ground }: Setting, way: Way, mode: Mode) {
    const namespace = uniqueName('delivery');
    this.ground = ground(namespace, mode);
    this.site = new Site(namespace, (revision) => ({ revisionHistoryLimit: 10 + revision, ...this.ground.values(revision), ...mode.values }));
    this.release = new DeliveredRelease(connection, namespace, mode);
    this.pods = new PodHistory(connection, namespace, (pod, isGone) => this.ground.saw?.(pod, isGone));
    this.tool = way.open(this.site, connection);
    this.other = way.inTurnWith(this.site, connection);
  }

  static async open(setting: Setting, way: Way, mode: Mode): Promise<Stage> {
    const stage = new Stage(setting, way, mode);
    await stage.release.prepare();
    await stage.ground.prepare();
    await stage.pods.start();
    return stage;
  }

  async close(): Promise<void> {
    await this.tool.stop?.();
    await this.pods.stop();
    await this.ground.close();
    await this.release.remove();
  }

  /** Until the release is as it will stay, and nothing of it has changed for a while. */
  async settled(): Promise<void> {
    for (let versions = ''; versions !== (await this.release.versions()); ) {
      versions = await this.release.versions();
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
      throw new Error([(error as Error).message, ...this.site.failures, await this.ground.said()].join('\n'), { cause: error });
    }
  }
}
