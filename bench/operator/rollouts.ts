/** Follows all workloads of all releases, to tell when their controllers have replaced every pod. */
import { systemClock as clock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import { until } from '../processes.ts';
import { isRolledOut, type WorkloadObject } from './workload.ts';

const log = createLogger('bench', 'warn');

export class Rollouts {
  readonly #reflectors: readonly Reflector<WorkloadObject>[];

  private constructor(client: KubeClient) {
    this.#reflectors = (['deployments', 'daemonsets'] as const).map(
      (collection) =>
        new Reflector<WorkloadObject>({ client, clock, log, path: collectionPath(collection), onChange: () => {} }),
    );
  }

  static async start(client: KubeClient): Promise<Rollouts> {
    const rollouts = new Rollouts(client);
    for (const reflector of rollouts.#reflectors) reflector.start();
    await Promise.all(rollouts.#reflectors.map((reflector) => reflector.listed()));
    return rollouts;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.stop()));
  }

  /** Resolves when `count` workloads of these names are there, and none of them has an old pod or one that is not ready. */
  async over(names: readonly string[], count: number): Promise<void> {
    await until(`rollouts of ${names.join(', ')}`, () => Promise.resolve(this.#areOver(names, count)), 600, 20);
  }

  #areOver(names: readonly string[], count: number): boolean {
    const found = this.#reflectors.flatMap((reflector) => reflector.objects()).filter(({ metadata }) => names.includes(metadata.name));
    return found.length === count && found.every(isRolledOut);
  }
}
