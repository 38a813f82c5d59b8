/** The reflector and an API server that stands still, is started again, or comes back with an earlier state. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connection } from '../../shared/kube/connect.ts';
import type { Reflector, ReflectorStats } from '../../shared/kube/reflector.ts';
import { ControlPlane } from '../fixtures/control-plane.ts';
import { FaultProxy, lastOfItsConnection } from '../fixtures/fault-proxy.ts';
import { givenNamespace, type ConfigMap, type TestNamespace } from '../fixtures/namespace.ts';
import { impatient, reflect, type ReflectedOptions } from '../fixtures/reflected.ts';
import { soon } from '../fixtures/soon.ts';

const restarting = { timeout: 60_000, interval: 100 };

/** Every call asks for credentials once, answered or not. */
function counting(connection: Connection) {
  let calls = 0;
  const authorize = () => {
    calls += 1;
    return connection.authorize();
  };
  return { connection: { ...connection, authorize }, calls: () => calls };
}

async function givenControlPlane(options: ReflectedOptions = {}) {
  const plane = await ControlPlane.start();
  const namespace = await givenNamespace('reflector', plane.connection());
  const { connection, calls } = counting(plane.connection());
  return { plane, namespace, calls, ...reflect(namespace, connection, options) };
}

/** The same, with something between that can hide it. */
async function givenHidden(options: ReflectedOptions = {}) {
  const plane = await ControlPlane.start();
  const namespace = await givenNamespace('reflector', plane.connection());
  const proxy = await FaultProxy.start(plane.connection());
  onTestFinished(() => proxy.stop());
  return { plane, namespace, proxy, ...reflect(namespace, proxy.connection(), options) };
}

/** Nobody restores a backup so fast that a watcher does not notice that the server is away. */
async function isRefused({ stats }: { readonly stats: Readonly<ReflectorStats> }): Promise<void> {
  const { failures } = stats;
  await vi.waitFor(() => expect(stats.failures).toBeGreaterThan(failures), restarting);
}

describe('a reflector tells the truth again after an API server', () => {
  it('was frozen for longer than a watch may live, and asks it seldom meanwhile', async () => {
    const { plane, namespace, reflector, calls, isTrue } = await givenControlPlane({ patience: impatient });
    await namespace.create('kept');
    reflector.start();
    await isTrue();

    plane.freeze();
    const before = calls();
    const { failures, lastContactAt } = reflector.stats;
    // The watch passes its deadline, then a list does, and another one: three waits that the server never answers.
    await vi.waitFor(() => expect(reflector.stats.failures).toBeGreaterThanOrEqual(failures + 3), soon);
    expect(calls() - before).toBeLessThanOrEqual(3);
    expect(reflector.stats.lastContactAt).toBe(lastContactAt);
    plane.thaw();
    await namespace.edit('kept', { edited: 'right after' });
    await namespace.create('created');

    await isTrue();
    expect(reflector.stats.missed).toBe(0);
  });

  it('was stopped in good order and started again: with one list more', async () => {
    const { plane, namespace, reflector, isTrue } = await givenControlPlane();
    await namespace.create('kept');
    reflector.start();
    await isTrue();
    await vi.waitFor(() => expect(reflector.stats.watches).toBe(1), soon);

    await plane.stop('SIGTERM');
    await isRefused(reflector);
    await plane.run();
    await namespace.edit('kept', { edited: 'after the restart' });

    await isTrue(restarting);
    expect(reflector.stats).toMatchObject({ lists: 2, missed: 0 });
  });
});

interface Watched {
  readonly plane: ControlPlane;
  readonly namespace: TestNamespace;
  readonly reflector: Pick<Reflector<ConfigMap>, 'start'>;
  readonly isTrue: () => Promise<void>;
}

/** A backup, and the reflector has seen all that is lost with it. */
async function loseChanges({ plane, namespace, reflector, isTrue }: Watched, lost: number): Promise<void> {
  await namespace.create('edited', { is: 'old' });
  await namespace.create('removed');
  reflector.start();
  await isTrue();
  await plane.backUp();
  await namespace.edit('edited', { is: 'lost' });
  await namespace.remove('removed');
  for (let index = 0; index < lost; index += 1) await namespace.create(`lost-${index}`);
  await isTrue();
}

/** How many versions are lost; the API server itself uses some hundred when it starts. */
const losses = [
  { lost: 5, is: 'has used the lost versions again' },
  { lost: 400, is: 'is still behind the lost versions' },
];

describe.each(losses)('a reflector tells the truth again after an etcd was restored from a backup and $is', ({ lost }) => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('stopped by %s', async (signal) => {
    const given = await givenControlPlane();
    const { plane, namespace, reflector, isTrue } = given;
    await loseChanges(given, lost);

    await plane.stop(signal);
    await isRefused(reflector);
    await plane.restore();
    await plane.run();

    await isTrue(restarting);
    await namespace.edit('edited', { is: 'new' });
    await namespace.create('created');
    await isTrue();
    expect(reflector.stats.missed).toBe(0);
  });
});

describe('a restored server whose versions are behind', () => {
  it('is noticed because it was away, although its watches had ended in good order', async () => {
    const given = await givenHidden();
    const { plane, proxy, reflector, isTrue } = given;
    proxy.next('watch', lastOfItsConnection);
    await loseChanges(given, 400);

    await proxy.leave();
    await isRefused(reflector);
    await plane.stop('SIGTERM');
    await plane.restore();
    await plane.run();
    await proxy.open();

    await isTrue(restarting);
    expect(reflector.stats).toMatchObject({ lists: 2, missed: 0 });
  });

  it('is noticed because a watch said nothing in its whole life, although nobody saw it away', async () => {
    const given = await givenHidden({ patience: { ...impatient, watchGraceMs: 60_000 } });
    const { plane, proxy, reflector, isTrue } = given;
    await loseChanges(given, 400);

    // Behind a load balancer the next watch may just take its time.
    const asked = Promise.withResolvers<void>();
    const back = Promise.withResolvers<void>();
    proxy.next('watch', (_, pass) => {
      asked.resolve();
      void back.promise.then(pass);
    });
    await asked.promise;
    const { lists, failures } = reflector.stats;
    await plane.stop('SIGTERM');
    await plane.restore();
    await plane.run();
    back.resolve();

    await isTrue();
    expect(reflector.stats).toMatchObject({ lists: lists + 1, failures, missed: 0 });
  });
});
