/** What an act cost beyond what it was asked for, counted from what the API server shows. */
import type { Act } from './acts.ts';
import { digestOf } from './delivered-release.ts';
import { Ghosts } from './ghosts.ts';
import { podCosts, type PodCosts } from './pod-costs.ts';
import type { Stage } from './stage.ts';

export interface Cost {
  /** Finished rotations that nobody asked for. */
  readonly rotations: number;
  /** Retired tokens that a verifier accepted again. */
  readonly resurrected: number;
  /** Values in the source Secrets that are neither what they were nor what they were edited to. */
  readonly changed: number;
  /** Requests of living pods that were refused. */
  readonly refused: number;
  /** Changes of pod templates that nobody asked for. */
  readonly restarts: number;
  /** Single pods that were replaced, but for those that started with a token that a render made up. */
  readonly replaced: number;
  /** Commands. */
  readonly failed: number;
}

export interface Measured {
  readonly cost: Cost;
  /** Pods that started with a token that a render made up, and was put back. */
  readonly between: number;
}

interface Counts {
  readonly pods: number;
  readonly started: number;
  readonly rotations: number;
  readonly resurrected: number;
  readonly refused: number;
  readonly failed: number;
}

export class Meter {
  readonly #stage: Stage;
  readonly #ghosts: Ghosts;
  /** Digests of the values as they should be, by Secret and entry. */
  #expected: Readonly<Record<string, string>> | undefined;
  /** The form of each workload's pod template. */
  readonly #templates = new Map<string, string>();

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#ghosts = new Ghosts(stage.ground.inside);
  }

  /** Plays the act until the release has come to rest. */
  async play(act: Act): Promise<Measured> {
    const before = await this.#count();
    await act.play(this.#stage);
    await this.#stage.settled();
    const after = await this.#count();
    const asked = Number(act.edited !== undefined);
    const lasting = new Set(Object.values(this.#expected ?? {}));
    const changed = await this.#compare(act);
    const between = this.#startedBetween(before.started, lasting);
    const { restarts, replaced } = await this.#podCosts(act, before.pods, between);
    const cost = {
      rotations: after.rotations - before.rotations - asked,
      resurrected: after.resurrected - before.resurrected,
      changed,
      refused: after.refused - before.refused,
      restarts,
      replaced,
      failed: after.failed - before.failed,
    };
    return { cost, between: between.size };
  }

  stop(): Promise<void> {
    return this.#ghosts.stop();
  }

  async #count(): Promise<Counts> {
    const { release, pods, site, ground } = this.#stage;
    const { inside } = ground;
    const keyring = await release.keyring();
    this.#ghosts.know(keyring);
    await this.#ghosts.present();
    return {
      pods: pods.count,
      started: inside.started.length,
      rotations: keyring?.history.length ?? 0,
      resurrected: this.#ghosts.accepted.size,
      refused: inside.refusals.length,
      failed: site.failures.length,
    };
  }

  async #compare({ edited }: Act): Promise<number> {
    const found = await this.#stage.release.digests();
    const expected = { ...(this.#expected ?? found), ...(edited !== undefined && { [this.#stage.release.tokenEntry]: digestOf(edited) }) };
    this.#expected = expected;
    return Object.keys({ ...expected, ...found }).filter((entry) => expected[entry] !== found[entry]).length;
  }

  /** Uids of those with a token that was in force neither before nor after. */
  #startedBetween(since: number, before: ReadonlySet<string>): ReadonlySet<string> {
    const lasting = new Set([...before, ...Object.values(this.#expected ?? {})]);
    const started = this.#stage.ground.inside.started.slice(since);
    return new Set(started.filter(({ serviceToken }) => !lasting.has(digestOf(serviceToken))).map(({ uid }) => uid));
  }

  async #podCosts(act: Act, since: number, between: ReadonlySet<string>): Promise<PodCosts> {
    const desired = await this.#stage.release.desired();
    if (act.fresh) this.#templates.clear();
    return podCosts(this.#stage.pods.since(since), desired, this.#templates, act, between);
  }
}
