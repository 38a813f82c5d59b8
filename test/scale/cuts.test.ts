/** The operator's connections break again and again while the Secret is edited: no edit is lost, nothing is done twice. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultProxy } from '../fixtures/fault-proxy.ts';
import { randomFrom } from '../soak/random.ts';
import { storm, strikes } from '../soak/storm.ts';
import { difference } from './harness/play.ts';
import { Stage } from './harness/stage.ts';
import { valueOf } from './harness/values.ts';
import { openWorld, type World } from './harness/world.ts';

const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const edits = ['B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'];
const stormMs = 4_000;

/** What is only noticed at a deadline takes the operator minutes: that it does notice is tested with reflectors. */
const minutesLong = new Set(['watches silent', 'lists never answered']);
const quick = Object.keys(strikes).filter((name) => !minutesLong.has(name));

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test(`every edit is rolled out once, whatever is cut meanwhile (SOAK_SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  const proxy = await FaultProxy.start(world.connection);
  onTestFinished(() => proxy.stop());
  const stage = await Stage.open(world, 'cuts', { way: proxy.connection() });
  onTestFinished(() => stage.close());
  stage.operator.start();
  await stage.settled();
  const before = await stage.release.restarts();

  for (const letter of edits) {
    const storming = storm(proxy, stormMs, random, quick);
    await sleep(random() * stormMs);
    await stage.release.edit({ 'service-token': valueOf(letter) });
    await storming;
    await stage.settled();
    expect(stage.inside.held().every((held) => held.includes(letter))).toBe(true);
  }

  expect(stage.inside.refusals).toEqual([]);
  const once = edits.length;
  expect(difference(await stage.release.restarts(), before)).toEqual({ backend: once, agent: once, scanner: once });
});
