/** Any history of changes and faults ends in the same store. */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Delta } from '../../shared/kube/reflector.ts';
import { FaultProxy } from '../fixtures/fault-proxy.ts';
import { identity } from '../fixtures/identity.ts';
import { givenNamespace, type ConfigMap, type TestNamespace } from '../fixtures/namespace.ts';
import { bookmark, failure, hasty, reflect } from '../fixtures/reflected.ts';
import { soon } from '../fixtures/soon.ts';

/** Changes, and faults that strike between and during them, each with the object that it may be about. */
const events = [
  ...(['create', 'edit', 'remove', 'replace'] as const),
  ...(['cut', 'end', 'expire', 'break', 'repeat', 'bookmark', 'refuse', 'open', 'settle'] as const),
];
type Event = (typeof events)[number];
const histories = fc.array(fc.record({ event: fc.constantFrom(...events), pick: fc.nat(3) }), { minLength: 5, maxLength: 30 });

/** What the handler was told adds up to; a deletion of what it was never told of is strange. */
function adding() {
  const told = new Map<string, string>();
  const strange: string[] = [];
  const onChange = ({ type, object }: Delta<ConfigMap>) => {
    if (type === 'set') told.set(object.metadata.uid, identity(object));
    else if (!told.delete(object.metadata.uid)) strange.push(identity(object));
  };
  return { onChange, strange, sum: () => [...told.values()].toSorted() };
}

interface Scene {
  readonly namespace: TestNamespace;
  readonly proxy: FaultProxy;
  readonly existing: Set<string>;
  readonly isTrue: () => Promise<void>;
}

const steps: Readonly<Record<Event, (scene: Scene, name: string) => Promise<unknown> | void>> = {
  async create({ namespace, existing }, name) {
    if (!existing.has(name)) await namespace.create(name);
    existing.add(name);
  },
  async edit({ namespace, existing }, name) {
    if (existing.has(name)) await namespace.edit(name, { at: String(performance.now()) });
  },
  async remove({ namespace, existing }, name) {
    if (existing.delete(name)) await namespace.remove(name);
  },
  async replace(scene, name) {
    await steps.remove(scene, name);
    await steps.create(scene, name);
  },
  cut: ({ proxy }) => proxy.cut(),
  end: ({ proxy }) => proxy.endWatches(),
  expire: ({ proxy }) => proxy.inject(failure(410, 'Expired')),
  break: ({ proxy }) => proxy.inject('{'),
  /** Of what has been delivered. */
  async repeat({ proxy, isTrue }) {
    await proxy.reopen();
    await isTrue();
    proxy.repeat();
  },
  /** A true one only: what it stands for has been delivered. */
  async bookmark({ namespace, proxy, isTrue }) {
    await proxy.reopen();
    const { metadata } = await namespace.kube.get<{ metadata: { resourceVersion: string } }>(namespace.path);
    await isTrue();
    proxy.inject(bookmark(metadata.resourceVersion));
  },
  /** Seldom, or nothing else would happen. */
  refuse: ({ proxy }, name) => (name === 'object-0' ? proxy.stop() : undefined),
  open: ({ proxy }) => proxy.reopen(),
  async settle({ proxy, isTrue }) {
    await proxy.reopen();
    await isTrue();
  },
};

it('ends in the same store as the server, wherever a history is cut', async () => {
  const namespace = await givenNamespace('reflector');
  let interruptions = 0;
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const proxy = await FaultProxy.start(namespace.connection);
      const { onChange, strange, sum } = adding();
      const { reflector, connection, isTrue } = reflect(namespace, proxy.connection(), { clock: hasty, onChange });
      await namespace.kube.delete(namespace.path);
      reflector.start();
      await reflector.listed();
      const scene: Scene = { namespace, proxy, isTrue, existing: new Set() };
      for (const { event, pick } of history) await steps[event](scene, `object-${pick}`);
      await proxy.reopen();
      // An older list may still be on its way, so that it is true before it is told.
      await vi.waitFor(async () => expect(sum()).toEqual(await namespace.list()), soon);
      await isTrue();
      expect({ missed: reflector.stats.missed, strange }).toEqual({ missed: 0, strange: [] });
      interruptions += reflector.stats.failures;
      await reflector.stop();
      connection.agent.destroy();
      await proxy.stop();
    }),
    {
      numRuns: Number(process.env['RUNS'] ?? 40),
      examples: [[['create', 'repeat', 'edit', 'repeat', 'remove', 'repeat'].map((event) => ({ event: event as Event, pick: 1 }))]],
      // Making a failure short takes long; what is there by then is shown.
      interruptAfterTimeLimit: 4 * 60_000,
      markInterruptAsFailure: true,
    },
  );
  expect(interruptions).toBeGreaterThan(0);
});
