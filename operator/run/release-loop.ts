/** The loop of one release, put together from its parts. */
import { customAlphabet } from 'nanoid';
import type { Clock } from '../../shared/clock.ts';
import { newValue } from '../../shared/credential/new-value.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import type { Logger } from '../../shared/log.ts';
import { askedRestMsOf, execute } from '../act/execute.ts';
import { decide } from '../decide/decide.ts';
import type { Draw, Settings } from '../model/plan.ts';
import type { Release } from '../model/release.ts';
import type { ClusterView } from '../observe/cluster-view.ts';
import { run, type Steps } from './controller.ts';
import type { Metrics } from './metrics.ts';
import { Observer } from './observer.ts';
import { Reporter } from './reporter.ts';
import { Wake } from './wake.ts';

export interface Surroundings {
  readonly cluster: ClusterView;
  /** For what changes the cluster. */
  readonly client: KubeClient;
  /** For Events and status: they must not stand in the way of the others. */
  readonly telling: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: Settings;
  /** Name of the operator's pod. */
  readonly instance: string;
  readonly metrics: Metrics;
}

/** Milliseconds that the last status may take once the loop is told to end. */
const lastWordsMs = 1_000;

const draw: Draw = { name: customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12), value: newValue };

export class ReleaseLoop {
  readonly wake: Wake;
  /** Resolves when the loop has ended and its last status is written. */
  readonly ended: Promise<void>;
  readonly #stopping = new AbortController();
  #passedAt: number;

  constructor(release: Release, surroundings: Surroundings) {
    const { clock } = surroundings;
    this.wake = new Wake(clock);
    this.#passedAt = clock.now();
    this.ended = this.#run(release, surroundings);
  }

  /** Milliseconds since the epoch of the last complete pass. */
  get passedAt(): number {
    return this.#passedAt;
  }

  /** A pass that has begun ends before its next write. */
  stop(): void {
    this.#stopping.abort(new Error('the loop was stopped'));
  }

  async #run(release: Release, { cluster, client, telling, clock, log, settings, instance, metrics }: Surroundings): Promise<void> {
    const { signal } = this.#stopping;
    const own = log.child({ namespace: release.namespace, release: release.name });
    const observer = new Observer(cluster, release, clock);
    const counted = metrics.of(release);
    const count = counted.observe.bind(counted);
    const reporter = new Reporter({ client: telling, release, instance, clock, log: own, count });
    const destination = { client, release, wrote: cluster.wrote.bind(cluster) };
    const steps: Steps = {
      observe: (look) => observer.look(look),
      decide: (snapshot) => {
        const plan = decide(snapshot, clock.now(), draw, settings);
        observer.decided(snapshot, plan);
        return plan;
      },
      act: async (actions) => {
        const outcomes = await execute(actions, destination, clock.now(), signal);
        observer.acted(outcomes);
        this.wake.rest(askedRestMsOf(outcomes));
        return outcomes;
      },
      tell: (snapshot, plan, outcomes) => {
        this.#passedAt = clock.now();
        reporter.tell(snapshot, plan, outcomes);
      },
    };
    await run(steps, this.wake, clock, own, signal);
    await reporter.flush(lastWordsMs);
    await counted.forget();
  }
}
