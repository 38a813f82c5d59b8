/** The Secret edited ten times a second, with the times that people have. `FLAPPING_SECONDS` makes it shorter or longer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock as clock } from '../../shared/clock.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath, type Secret } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import { keyringName } from './harness/manifests.ts';
import { difference } from './harness/play.ts';
import { Stage } from './harness/stage.ts';
import { letterOf, valueOf } from './harness/values.ts';
import { openWorld, type World } from './harness/world.ts';

const seconds = Number(process.env['FLAPPING_SECONDS'] ?? 60);
const editEveryMs = 100;
/** The debounce ends 30 s after the first edit at the latest; one more rotation for what came last. */
const mostRestarts = Math.ceil(seconds / 30) + 1;

let world: World;
beforeAll(async () => void (world = await openWorld()));
afterAll(() => world.end());

test(`edited ten times a second for ${seconds} s: few restarts, a small keyring, nothing rejected, the last value`, async () => {
  const stage = await Stage.open(world, 'flapping', { settings: { DEBOUNCE_SECONDS: '2', DEBOUNCE_MAX_SECONDS: '30' } });
  const keyring = await watchKeyring(stage);
  try {
    stage.operator.start();
    await stage.settled();
    const before = await stage.release.restarts();
    const last = await flap(stage);
    await stage.settled();
    const restarts = difference(await stage.release.restarts(), before);
    console.log(`${last} edits, restarts ${JSON.stringify(restarts)}, at most ${keyring.most()} bytes of keyring`);
    expect(Math.max(...Object.values(restarts))).toBeLessThanOrEqual(mostRestarts);
    expect(keyring.most()).toBeLessThan(64 * 1024);
    expect(stage.inside.refusals).toEqual([]);
    expect(stage.inside.held().filter((pod) => !pod.startsWith('backend'))).toEqual([`agent ${last}`, `agent ${last}`, `scanner ${last}`]);
  } finally {
    await keyring.stop();
    await stage.close();
  }
});

/** Returns the letter of the last value. */
async function flap({ release }: Stage): Promise<string> {
  const startedAt = performance.now();
  let value = '';
  for (let edit = 1; performance.now() - startedAt < seconds * 1000; edit += 1) {
    value = valueOf(String(edit));
    await release.edit({ 'service-token': value });
    await sleep(Math.max(0, startedAt + edit * editEveryMs - performance.now()));
  }
  return letterOf(value);
}

/** Every version of the keyring, as large as the API server stores it. */
async function watchKeyring({ release }: Stage) {
  let most = 0;
  const reflector = new Reflector<Secret>({
    client: new KubeClient(world.connection, 'flapping'),
    path: collectionPath('secrets', release.namespace),
    fieldSelector: `metadata.name=${keyringName}`,
    clock,
    log: createLogger('flapping', 'silent'),
    onChange: ({ object }) => void (most = Math.max(most, ...Object.values(object.data ?? {}).map(({ length }) => length))),
  });
  reflector.start();
  await reflector.listed();
  return { most: () => most, stop: () => reflector.stop() };
}
