/** The reflector against the real API server, through a proxy that breaks things: afterwards it must tell the truth again. */
import type { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock, type Clock } from '../../shared/clock.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import { Reflector, type Delta, type ReflectorOptions } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import { answers, cutsOff, delays, FaultProxy, keepsSilent, neverAnswers, says, type Fault } from '../fixtures/fault-proxy.ts';
import { identity } from '../fixtures/identity.ts';
import { givenNamespace, oursSelector, type ConfigMap, type TestNamespace } from '../fixtures/namespace.ts';

const soon = { timeout: 15_000, interval: 20 };

type Options = Partial<ReflectorOptions<ConfigMap>>;

async function givenReflector(options: Options = {}) {
  const namespace = await givenNamespace('reflector');
  const proxy = await FaultProxy.start(namespace.connection);
  return { ...reflect(namespace, proxy, options), namespace, proxy };
}

/** Not started yet. */
function reflect(namespace: TestNamespace, proxy: FaultProxy, options: Options = {}) {
  const connection = proxy.connection();
  const deltas: string[] = [];
  const reflector = new Reflector<ConfigMap>({
    client: new KubeClient(connection, 'kure-test'),
    path: namespace.path,
    labelSelector: oursSelector,
    onChange: ({ type, object }: Delta<ConfigMap>) => deltas.push(`${type} ${object.metadata.uid}`),
    clock: systemClock,
    log: createLogger('test', 'silent'),
    ...options,
  });
  onTestFinished(async () => {
    await reflector.stop();
    connection.agent.destroy();
    await proxy.stop();
  });
  const isTrue = async () => expect(reflector.objects().map(identity).toSorted()).toEqual(await namespace.list());
  return { reflector, deltas, connection, isTrue: () => vi.waitFor(isTrue, soon) };
}

type Given = Awaited<ReturnType<typeof givenReflector>>;

/** The pauses shrink, where tests need many: that they are long enough is tested with real ones. */
const hasty: Clock = { now: Date.now, sleep: (ms, signal) => systemClock.sleep(ms / 50, signal) };

/** Short enough to wait for; the proportions are those of production. */
const impatient = { listDeadlineMs: 1_000, watchSeconds: { min: 1, max: 1 }, watchGraceMs: 500 };

interface Case {
  /** From the moment before the fault: the mending and one change are within. */
  readonly budget: { readonly lists: number; readonly watches: number };
  readonly options?: Options;
  readonly strike: (given: Given) => Promise<void> | void;
}

const onNext =
  (kind: 'list' | 'watch', fault: Fault, times = 1): Case['strike'] =>
  ({ proxy }) => {
    proxy.next(kind, fault, times);
    proxy.endWatches();
  };

const oneOfEach = { lists: 1, watches: 2 };
const noList = { lists: 0, watches: 2 };

const faults: Readonly<Record<string, Case>> = {
  'a watch that ends cleanly': { budget: { lists: 0, watches: 1 }, strike: ({ proxy }) => proxy.endWatches() },
  'connections cut': { budget: { lists: 1, watches: 1 }, strike: ({ proxy }) => proxy.cut() },
  'a watch answered 500': { budget: oneOfEach, strike: onNext('watch', answers(500)) },
  'a watch answered 503': { budget: oneOfEach, strike: onNext('watch', answers(503)) },
  'a watch answered 410': { budget: oneOfEach, strike: onNext('watch', answers(410)) },
  'a watch answered 401': { budget: oneOfEach, strike: onNext('watch', answers(401)) },
  'a watch answered 429 with Retry-After': { budget: noList, strike: onNext('watch', answers(429, { 'retry-after': '1' })) },
  'a watch cut before its answer': { budget: oneOfEach, strike: onNext('watch', cutsOff) },
  'a watch that answers late': { budget: { lists: 0, watches: 1 }, strike: onNext('watch', delays(700)) },
  'a list answered 503 while mending': {
    budget: { lists: 2, watches: 2 },
    strike: ({ proxy }) => {
      proxy.next('list', answers(503));
      proxy.cut();
    },
  },
  'an ERROR event 410': {
    budget: { lists: 1, watches: 1 },
    strike: ({ proxy }) => proxy.inject(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })),
  },
  'an ERROR event 500': {
    budget: { lists: 1, watches: 1 },
    strike: ({ proxy }) => proxy.inject(JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 500 } })),
  },
  'a line that is not JSON': { budget: { lists: 1, watches: 1 }, strike: ({ proxy }) => proxy.inject('{"type":"MODI') },
  'a watch that is silent after its headers': {
    budget: { lists: 1, watches: 3 },
    options: { patience: impatient },
    strike: onNext('watch', keepsSilent),
  },
  'a list that is never answered': {
    budget: { lists: 2, watches: 3 },
    options: { patience: { ...impatient, watchSeconds: { min: 60, max: 60 } } },
    strike: ({ proxy }) => {
      proxy.next('list', neverAnswers);
      proxy.cut();
    },
  },
  'a server that refuses connections': {
    budget: { lists: 1, watches: 2 },
    strike: async ({ proxy, reflector }) => {
      const before = reflector.stats.failures;
      await proxy.refuse();
      await vi.waitFor(() => expect(reflector.stats.failures).toBeGreaterThan(before + 1), soon);
      await proxy.open();
    },
  },
  'a server that is frozen and thawed': {
    budget: { lists: 3, watches: 4 },
    options: { patience: impatient },
    strike: async ({ proxy, reflector }) => {
      proxy.freeze();
      await vi.waitFor(() => expect(reflector.stats.failures).toBeGreaterThan(0), soon);
      proxy.thaw();
    },
  },
};

describe('a reflector tells the truth again after', () => {
  it.each(Object.entries(faults))('%s', async (_name, { budget, options, strike }) => {
    const given = await givenReflector(options);
    const { namespace, proxy, reflector, isTrue } = given;
    await namespace.create('kept');
    reflector.start();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    // A watch that has delivered something is a good one, however short its life.
    await namespace.create('removed');
    await isTrue();
    const before = { lists: proxy.count('list'), watches: proxy.count('watch') };

    await strike(given);
    await namespace.remove('removed');
    await namespace.edit('kept', { edited: 'while it was broken' });
    await namespace.create('created');
    await isTrue();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    await namespace.edit('kept', { edited: 'after it was mended' });
    await isTrue();

    expect(reflector.stats.missed).toBe(0);
    expect(proxy.count('list') - before.lists).toBeLessThanOrEqual(budget.lists);
    expect(proxy.count('watch') - before.watches).toBeLessThanOrEqual(budget.watches);
  });

  it('a first list answered 503, and says so only when it has the second one', async () => {
    const { namespace, proxy, reflector, isTrue } = await givenReflector();
    await namespace.create('a');
    proxy.next('list', answers(503));
    reflector.start();
    await vi.waitFor(() => expect(reflector.stats.failures).toBe(1), soon);
    expect(reflector.hasListed).toBe(false);
    await reflector.listed();
    await isTrue();
    expect(proxy.count('list')).toBe(2);
  });

  it('a list that expires between two of its pages', async () => {
    const { namespace, proxy, reflector, isTrue } = await givenReflector({ patience: { pageSize: 2 } });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await namespace.create(name);
    proxy.next('list', (_, pass) => {
      proxy.next('list', answers(410));
      pass();
    });
    reflector.start();
    await isTrue();
    expect(proxy.count('list')).toBe(2 + 3);
    expect(proxy.seen.filter(({ query }) => query.get('limit') === '2')).toHaveLength(5);
  });
});

/** Events that end in a failure, without end: what spins a loop that does not slow down. */
const bookmark = (version: string) =>
  JSON.stringify({ type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: version } } });
const expired = JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } });

describe('a reflector does not spin when every watch', () => {
  it.each<[string, (version: string) => Fault]>([
    ['is answered 200 and closed', () => says()],
    ['is answered 500', () => answers(500)],
    ['is answered 410', () => answers(410)],
    ['is cut off', () => cutsOff],
    ['is told at once that its version expired', () => says(expired)],
    ['is told after a bookmark that its version expired', (version) => says(bookmark(version), expired)],
  ])('%s', async (_name, fault) => {
    const { namespace, proxy, reflector, isTrue } = await givenReflector();
    const { metadata } = await namespace.create('a');
    proxy.next('watch', fault(metadata.resourceVersion), Infinity);
    reflector.start();
    await reflector.listed();
    // Time itself is what is tested here: the pauses are at least 0.8 and 1.6 s.
    await systemClock.sleep(2_500);
    expect(proxy.count('watch')).toBeGreaterThan(1);
    expect(proxy.seen.length).toBeLessThanOrEqual(8);
    proxy.heal();
    await namespace.create('b');
    await isTrue();
  });

  it('is answered 429: it waits as long as the server asks', async () => {
    const { proxy, reflector } = await givenReflector();
    proxy.next('watch', answers(429, { 'retry-after': '3' }));
    reflector.start();
    await vi.waitFor(() => expect(proxy.count('watch')).toBe(2), soon);
    const [first, second] = proxy.seen.filter(({ kind }) => kind === 'watch');
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(2_990);
    expect(second!.query.get('resourceVersion')).toBe(first!.query.get('resourceVersion'));
  });
});

describe('a reflector', () => {
  it('shows an object replaced under the same name while it was away as deleted and set', async () => {
    const { namespace, proxy, reflector, deltas, isTrue } = await givenReflector();
    const old = await namespace.create('replaced');
    reflector.start();
    await isTrue();
    await proxy.refuse();
    await namespace.remove('replaced');
    const replacement = await namespace.create('replaced');
    // The version must be lost too, or the next watch simply delivers both.
    proxy.next('watch', answers(410));
    await proxy.open();
    await isTrue();
    expect(deltas).toEqual([`set ${old.metadata.uid}`, `deleted ${old.metadata.uid}`, `set ${replacement.metadata.uid}`]);
    expect(reflector.stats.missed).toBe(0);
  });

  it('resumes from a bookmark: nothing is delivered twice', async () => {
    const { namespace, proxy, reflector, deltas, isTrue } = await givenReflector();
    reflector.start();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    const { metadata } = await namespace.create('a');
    await isTrue();
    const later = await namespace.create('b');
    await isTrue();
    proxy.inject(bookmark(later.metadata.resourceVersion));
    proxy.endWatches();
    await vi.waitFor(() => expect(proxy.count('watch')).toBe(2), soon);
    const { query } = proxy.seen.at(-1)!;
    expect(query.get('allowWatchBookmarks')).toBe('true');
    expect(query.get('resourceVersion')).toBe(later.metadata.resourceVersion);
    expect(deltas).toEqual([`set ${metadata.uid}`, `set ${later.metadata.uid}`]);
  });

  it('opens one watch when it is started twice', async () => {
    const { proxy, reflector, isTrue } = await givenReflector();
    reflector.start();
    reflector.start();
    await isTrue();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    expect(proxy.seen.map(({ kind }) => kind)).toEqual(['list', 'watch']);
    await reflector.stop();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(0), soon);
  });

  it('goes on with every other change when a handler throws', async () => {
    const deltas: string[] = [];
    const onChange = ({ object }: Delta<ConfigMap>) => {
      deltas.push(object.metadata.name);
      if (object.metadata.name.startsWith('bad')) throw new Error('a handler that throws');
    };
    const { namespace, proxy, reflector, isTrue } = await givenReflector({ onChange });
    await namespace.create('bad-listed');
    await namespace.create('good-listed');
    reflector.start();
    await isTrue();
    await namespace.create('bad-watched');
    await namespace.create('good-watched');
    await isTrue();
    await namespace.remove('bad-watched');
    await isTrue();
    expect(deltas).toEqual(['bad-listed', 'good-listed', 'bad-watched', 'good-watched', 'bad-watched']);
    expect(proxy.seen.map(({ kind }) => kind)).toEqual(['list', 'watch']);
  });

  it('lists again after ten minutes, whatever the watches say', async () => {
    let ahead = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
    const { namespace, proxy, reflector, isTrue } = await givenReflector({ clock });
    await namespace.create('a');
    reflector.start();
    await isTrue();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    ahead = 600_001;
    proxy.endWatches();
    await vi.waitFor(() => expect(proxy.count('watch')).toBe(2), soon);
    expect(proxy.count('list')).toBe(2);
    expect(reflector.stats.missed).toBe(0);
  });

  it('counts what a list finds and a watch had claimed to have delivered', async () => {
    const { namespace, proxy, reflector, isTrue } = await givenReflector();
    reflector.start();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    proxy.freeze();
    const { metadata } = await namespace.create('swallowed');
    proxy.inject(bookmark(metadata.resourceVersion));
    proxy.inject('not JSON');
    await vi.waitFor(() => expect(reflector.stats.failures).toBe(1), soon);
    proxy.thaw();
    await isTrue();
    expect(reflector.stats.missed).toBe(1);
  });

  it.each<[string, (given: Given) => Promise<void>]>([
    ['while a watch is open', ({ proxy }) => vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon)],
    [
      'while a list is not answered',
      async ({ proxy }) => {
        proxy.next('list', neverAnswers, Infinity);
        const lists = proxy.count('list');
        proxy.cut();
        await vi.waitFor(() => expect(proxy.count('list')).toBe(lists + 1), soon);
      },
    ],
    [
      'in its pause',
      async ({ proxy, reflector }) => {
        proxy.next('watch', answers(500), Infinity);
        proxy.endWatches();
        await vi.waitFor(() => expect(reflector.stats.failures).toBe(1), soon);
      },
    ],
  ])('stopped %s is quiet at once and leaves nothing open', async (_name, bring) => {
    const given = await givenReflector();
    const { namespace, proxy, reflector, deltas, connection, isTrue } = given;
    await namespace.create('a');
    reflector.start();
    await isTrue();
    await bring(given);
    const failures = reflector.stats.failures;
    const startedAt = performance.now();
    await reflector.stop();
    expect(performance.now() - startedAt).toBeLessThan(500);
    const requests = proxy.seen.length;
    const told = deltas.length;
    await vi.waitFor(() => expect(Object.keys(connection.agent.sockets)).toEqual([]), soon);
    // Only what the agent keeps for the next call may still be open, and nothing is called any more.
    connection.agent.destroy();
    await vi.waitFor(() => expect(proxy.sockets.size).toBe(0), soon);
    await namespace.create('b');
    await reflector.stop();
    expect(proxy.seen.length).toBe(requests);
    expect(deltas.length).toBe(told);
    expect(reflector.stats.failures).toBe(failures);
  });

  it('leaves no failure unheard', async () => {
    const unheard: unknown[] = [];
    const note = (error: unknown) => unheard.push(error);
    const events: EventEmitter = process;
    events.on('unhandledRejection', note);
    onTestFinished(() => void events.off('unhandledRejection', note));
    const { proxy, reflector } = await givenReflector({ clock: hasty });
    reflector.start();
    for (const [count, breaks] of [() => proxy.cut(), () => proxy.inject('{'), () => proxy.endWatches()].entries()) {
      await vi.waitFor(() => expect([proxy.openWatches, proxy.count('watch')]).toEqual([1, count + 1]), soon);
      breaks();
    }
    proxy.next('watch', keepsSilent, Infinity);
    await vi.waitFor(() => expect(proxy.count('watch')).toBe(4), soon);
    await reflector.stop();
    await systemClock.sleep(0);
    expect(unheard).toEqual([]);
  });
});

const versionsOf = (deltas: readonly Delta<ConfigMap>[]): string[] =>
  deltas.map(({ type, object }) => `${type} ${object.metadata.resourceVersion}`);

/** Started, and what the watch brings is held back. */
async function givenFrozen() {
  const deltas: Delta<ConfigMap>[] = [];
  const given = await givenReflector({ onChange: (delta) => deltas.push(delta) });
  const { metadata } = await given.namespace.create('ours');
  given.reflector.start();
  await vi.waitFor(() => expect(given.proxy.openWatches).toBe(1), soon);
  given.proxy.freeze();
  const created = `set ${metadata.resourceVersion}`;
  return { ...given, deltas, created };
}

describe('a write of our own', () => {
  it('is there at once, and what the watch says about it later is no news', async () => {
    const { namespace, proxy, reflector, deltas, created, isTrue } = await givenFrozen();
    await namespace.edit('ours', { by: 'somebody' });
    const ours = await namespace.edit('ours', { by: 'us' });
    reflector.wrote(ours);
    const told = [created, `set ${ours.metadata.resourceVersion}`];
    expect(reflector.objects().map(identity)).toEqual([identity(ours)]);
    expect(versionsOf(deltas)).toEqual(told);
    proxy.thaw();
    const last = await namespace.create('last');
    await isTrue();
    expect(versionsOf(deltas)).toEqual([...told, `set ${last.metadata.resourceVersion}`]);
    expect(reflector.stats.missed).toBe(0);
  });

  it('may be a creation', async () => {
    const { namespace, proxy, reflector, deltas, created, isTrue } = await givenFrozen();
    const ours = await namespace.create('made');
    reflector.wrote(ours);
    expect(versionsOf(deltas)).toEqual([created, `set ${ours.metadata.resourceVersion}`]);
    proxy.thaw();
    await namespace.remove('made');
    await isTrue();
    expect(versionsOf(deltas)).toEqual([created, `set ${ours.metadata.resourceVersion}`, `deleted ${ours.metadata.resourceVersion}`]);
  });

  it('that is answered after its object was deleted does not bring it back', async () => {
    const { namespace, proxy, reflector, deltas, isTrue } = await givenFrozen();
    proxy.thaw();
    const ours = await namespace.edit('ours', { by: 'us' });
    await namespace.remove('ours');
    await vi.waitFor(() => expect(deltas.at(-1)?.type).toBe('deleted'), soon);
    reflector.wrote(ours);
    await isTrue();
    expect(reflector.objects()).toEqual([]);
  });

  it.each<[string, (namespace: TestNamespace) => Promise<ConfigMap>]>([
    ['an edit', (namespace) => namespace.edit('ours', { by: 'us' })],
    ['a creation', (namespace) => namespace.create('made')],
  ])('is not taken back by a list that is older: %s', async (_name, write) => {
    const { namespace, proxy, reflector, deltas, created, isTrue } = await givenFrozen();
    proxy.thaw();
    const listing = Promise.withResolvers<ServerResponse>();
    const holdsTheAnswer: Fault = (response, pass) => {
      pass();
      proxy.freeze();
      listing.resolve(response);
    };
    proxy.next('list', holdsTheAnswer);
    proxy.cut();
    const response = await listing.promise;
    await vi.waitFor(() => expect(response.headersSent).toBe(true), soon);
    const ours = await write(namespace);
    reflector.wrote(ours);
    proxy.thaw();
    await vi.waitFor(() => expect(reflector.stats.lists).toBe(2), soon);
    await isTrue();
    expect(versionsOf(deltas)).toEqual([created, `set ${ours.metadata.resourceVersion}`]);
    expect(reflector.stats.missed).toBe(0);
  });

  it('gives way to a list that is newer', async () => {
    const { namespace, proxy, reflector, isTrue } = await givenFrozen();
    proxy.thaw();
    const listing = Promise.withResolvers<() => void>();
    proxy.next('list', (_response, pass) => listing.resolve(pass));
    proxy.cut();
    const pass = await listing.promise;
    reflector.wrote(await namespace.edit('ours', { by: 'us' }));
    const theirs = await namespace.edit('ours', { by: 'somebody' });
    pass();
    await isTrue();
    expect(reflector.objects().map(identity)).toEqual([identity(theirs)]);
  });

  it('is taken back by a list that no longer has it', async () => {
    const { namespace, proxy, reflector, created, deltas, isTrue } = await givenFrozen();
    const ours = await namespace.create('made');
    reflector.wrote(ours);
    await namespace.remove('made');
    proxy.cut();
    proxy.thaw();
    await vi.waitFor(() => expect(reflector.stats.lists).toBe(2), soon);
    await isTrue();
    expect(versionsOf(deltas)).toEqual([created, `set ${ours.metadata.resourceVersion}`, `deleted ${ours.metadata.resourceVersion}`]);
  });
});

it('keeps nothing of what is stripped to nothing, and tells when that begins and ends', async () => {
  const deltas: string[] = [];
  const { namespace, proxy, reflector } = await givenReflector({
    strip: (object) => (object.data?.['kept'] === 'yes' ? object : undefined),
    onChange: (delta) => deltas.push(`${delta.type} ${delta.object.metadata.name}${delta.type === 'set' && delta.previous ? ' again' : ''}`),
  });
  await namespace.create('foreign');
  await namespace.create('one', { kept: 'yes' });
  reflector.start();
  await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
  await namespace.edit('one', { more: 'yes' });
  await namespace.edit('one', { kept: 'no' });
  await namespace.edit('foreign', { more: 'yes' });
  await namespace.remove('foreign');
  await namespace.edit('one', { kept: 'yes' });
  await vi.waitFor(() => expect(deltas).toEqual(['set one', 'set one again', 'deleted one', 'set one']), soon);
  proxy.cut();
  await vi.waitFor(() => expect(reflector.stats.lists).toBe(2), soon);
  expect({ names: reflector.objects().map(({ metadata }) => metadata.name), missed: reflector.stats.missed }).toEqual({ names: ['one'], missed: 0 });
});

/** A history of changes and faults, each with the object it strikes. */
const events = ['create', 'edit', 'remove', 'replace', 'cut', 'end', 'expire', 'break', 'bookmark', 'refuse', 'open', 'settle'] as const;
const history = fc.array(fc.record({ event: fc.constantFrom(...events), pick: fc.nat(3) }), { minLength: 5, maxLength: 30 });

it('ends in the same store as the server, wherever a history is cut', async () => {
  const namespace = await givenNamespace('reflector');
  let cuts = 0;
  await fc.assert(
    fc.asyncProperty(history, async (told) => {
      const proxy = await FaultProxy.start(namespace.connection);
      const deltas = new Map<string, string>();
      const strange: string[] = [];
      const onChange = ({ type, object }: Delta<ConfigMap>) => {
        if (type === 'set') deltas.set(object.metadata.uid, identity(object));
        else if (!deltas.delete(object.metadata.uid)) strange.push(identity(object));
      };
      const { reflector, connection, isTrue } = reflect(namespace, proxy, { clock: hasty, onChange });
      await namespace.kube.delete(namespace.path);
      reflector.start();
      await reflector.listed();
      const existing = new Set<string>();
      for (const { event, pick } of told) {
        const name = `object-${pick}`;
        switch (event) {
          case 'create':
          case 'edit':
            await (existing.has(name) ? namespace.edit(name, { at: String(performance.now()) }) : namespace.create(name));
            existing.add(name);
            break;
          case 'remove':
          case 'replace':
            if (existing.delete(name)) await namespace.remove(name);
            if (event === 'remove') break;
            await namespace.create(name);
            existing.add(name);
            break;
          case 'cut':
            proxy.cut();
            break;
          case 'end':
            proxy.endWatches();
            break;
          case 'expire':
            proxy.inject(expired);
            break;
          case 'break':
            proxy.inject('{');
            break;
          case 'bookmark': {
            // A true one only: what it stands for has been delivered.
            await proxy.reopen();
            const { metadata } = await namespace.kube.get<{ metadata: { resourceVersion: string } }>(namespace.path);
            await isTrue();
            proxy.inject(bookmark(metadata.resourceVersion));
            break;
          }
          case 'refuse':
            if (pick === 0) await proxy.stop();
            break;
          case 'open':
          case 'settle':
            await proxy.reopen();
            if (event === 'settle') await isTrue();
        }
        cuts += Number(event !== 'create' && event !== 'edit');
      }
      await proxy.reopen();
      // An older list may still be on its way, so that it is true before it is told.
      await vi.waitFor(async () => expect([...deltas.values()].toSorted()).toEqual(await namespace.list()), soon);
      await isTrue();
      expect({ missed: reflector.stats.missed, strange }).toEqual({ missed: 0, strange: [] });
      await reflector.stop();
      connection.agent.destroy();
      await proxy.stop();
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
  expect(cuts).toBeGreaterThan(0);
});
