/** A process with nothing but reflectors in it, so that its memory is theirs. Told where the server is, it tells what it holds. */
import { Agent } from 'node:http';
import { systemClock } from '../../shared/clock.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import type { Connection } from '../../shared/kube/connect.ts';
import { Reflector, type Patience, type ReflectorStats } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import { identity } from '../fixtures/identity.ts';
import type { ConfigMap } from '../fixtures/namespace.ts';

export interface Task {
  readonly url: string;
  readonly path: string;
  /** One reflector each. */
  readonly labelSelectors: readonly string[];
  readonly patience: Partial<Patience>;
}

export interface Report {
  /** One per reflector: what it holds, and what its handler was told, as `name uid resourceVersion`, sorted. */
  readonly stores: readonly (readonly string[])[];
  readonly told: readonly (readonly string[])[];
  readonly stats: readonly ReflectorStats[];
  readonly memory: { readonly rss: number; readonly heapUsed: number };
}

function reflect(client: KubeClient, { path, patience }: Task, labelSelector: string) {
  const told = new Map<string, string>();
  const reflector = new Reflector<ConfigMap>({
    client,
    path,
    labelSelector,
    patience,
    clock: systemClock,
    log: createLogger('soak', 'silent'),
    onChange({ type, object }) {
      if (type === 'set') told.set(object.metadata.uid, identity(object));
      else told.delete(object.metadata.uid);
    },
  });
  reflector.start();
  return { reflector, told };
}

function watch(task: Task): () => Report {
  const connection: Connection = {
    baseUrl: new URL(task.url),
    namespace: 'default',
    agent: new Agent({ keepAlive: true, maxSockets: Infinity }),
    authorize: () => Promise.resolve({}),
  };
  const client = new KubeClient(connection, 'soak');
  const watched = task.labelSelectors.map((selector) => reflect(client, task, selector));
  return () => {
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      stores: watched.map(({ reflector }) => reflector.objects().map(identity).toSorted()),
      told: watched.map(({ told }) => [...told.values()].toSorted()),
      stats: watched.map(({ reflector }) => reflector.stats),
      memory: { rss, heapUsed },
    };
  };
}

process.once('disconnect', () => process.exit());
process.once('message', (task: Task) => {
  const report = watch(task);
  process.on('message', () => process.send?.(report()));
});
