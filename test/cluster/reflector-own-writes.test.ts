/** A write of our own is known before the watch brings it, and never hides what the server says later. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import type { Delta } from '../../shared/kube/reflector.ts';
import type { Fault } from '../fixtures/fault-proxy.ts';
import { identity } from '../fixtures/identity.ts';
import type { ConfigMap, TestNamespace } from '../fixtures/namespace.ts';
import { givenReflector } from '../fixtures/reflected.ts';
import { soon } from '../fixtures/soon.ts';

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
