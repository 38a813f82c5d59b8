/** What a reflector tells, and that it is quiet when nobody wants to hear it any more. */
import type { EventEmitter } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { systemClock, type Clock } from '../../shared/clock.ts';
import type { Delta } from '../../shared/kube/reflector.ts';
import { answers, keepsSilent, neverAnswers, says } from '../fixtures/fault-proxy.ts';
import { oursSelector, type ConfigMap } from '../fixtures/namespace.ts';
import { bookmark, failure, givenReflector, hasty, type Given } from '../fixtures/reflected.ts';
import { soon } from '../fixtures/soon.ts';

describe('a reflector', () => {
  it('hands over one shape, listed or watched', async () => {
    const seen: ConfigMap[] = [];
    const { namespace, reflector, isTrue } = await givenReflector({ onChange: ({ object }) => seen.push(object) });
    reflector.start();
    await reflector.listed();
    await namespace.create('a', { key: 'value' });
    await isTrue();
    const { items } = await namespace.kube.get<{ items: ConfigMap[] }>(namespace.path, { labelSelector: oursSelector });
    expect(seen).toEqual(items);
  });

  it('takes a listed object as it is, even under a version that it knows: a restored etcd uses versions again', async () => {
    const { namespace, proxy, reflector, isTrue } = await givenReflector();
    await namespace.create('a', { is: 'lost' });
    reflector.start();
    await isTrue();
    const list = await namespace.kube.get<{ items: ConfigMap[] }>(namespace.path, { labelSelector: oursSelector });
    const restored = { ...list, items: list.items.map((object) => ({ ...object, data: { is: 'restored' } })) };
    proxy.next('list', says(JSON.stringify(restored)));
    proxy.inject(failure(410, 'Expired'));
    await vi.waitFor(() => expect(reflector.objects()[0]?.data).toEqual({ is: 'restored' }), soon);
    expect(reflector.stats.missed).toBe(0);
  });

  it('asks for a watch no longer than until the next list is due', async () => {
    let ahead = 0;
    const clock: Clock = { ...systemClock, now: () => Date.now() + ahead };
    const { namespace, proxy, reflector, isTrue } = await givenReflector({ clock });
    reflector.start();
    await vi.waitFor(() => expect(proxy.openWatches).toBe(1), soon);
    await namespace.create('a');
    await isTrue();
    ahead = 580_000;
    proxy.endWatches();
    await vi.waitFor(() => expect(proxy.count('watch')).toBe(2), soon);
    const [first, second] = proxy.seen.filter(({ kind }) => kind === 'watch').map(({ query }) => Number(query.get('timeoutSeconds')));
    expect(first).toBeGreaterThanOrEqual(240);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(20);
  });

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
        proxy.next('watch', answers(500, { 'retry-after': '60' }), Infinity);
        proxy.cut();
        await vi.waitFor(() => expect(reflector.stats.failures).toBe(2), soon);
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
    // Whatever it could wait for takes a minute or more.
    expect(performance.now() - startedAt).toBeLessThan(30_000);
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
