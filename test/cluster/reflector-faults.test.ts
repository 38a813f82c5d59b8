/** The reflector against the real API server, through a proxy that breaks things: afterwards it tells the truth again. */
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../shared/clock.ts';
import { answers, cutsOff, delays, keepsSilent, neverAnswers, says, type Fault } from '../fixtures/fault-proxy.ts';
import { bookmark, failure, givenReflector, impatient, type Given, type ReflectedOptions } from '../fixtures/reflected.ts';
import { soon } from '../fixtures/soon.ts';

interface Case {
  /** At most, from the moment before the fault: the mending and one change are within. With no list the version stays good. */
  readonly budget: { readonly lists: number; readonly watches: number };
  readonly options?: ReflectedOptions;
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
    strike: ({ proxy }) => proxy.inject(failure(410, 'Expired')),
  },
  'an ERROR event 500': {
    budget: { lists: 1, watches: 1 },
    strike: ({ proxy }) => proxy.inject(failure(500)),
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
    const lists = proxy.count('list') - before.lists;
    expect(lists > 0).toBe(budget.lists > 0);
    expect(lists).toBeLessThanOrEqual(budget.lists);
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

describe('a reflector does not spin when every watch', () => {
  it.each<[string, (version: string) => Fault]>([
    ['is answered 200 and closed', () => says()],
    ['is answered 500', () => answers(500)],
    ['is answered 410', () => answers(410)],
    ['is cut off', () => cutsOff],
    ['is told at once that its version expired', () => says(failure(410, 'Expired'))],
    ['is told after a bookmark that its version expired', (version) => says(bookmark(version), failure(410, 'Expired'))],
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
