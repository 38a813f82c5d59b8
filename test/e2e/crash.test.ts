/**
 * The plain rotation on real pods under traffic, with an operator that is killed at a write. Three write points, or
 * CRASH_POINTS of them, evenly spread: `CRASH_POINTS=all` is every one.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stopTraffic, storedReports } from '../../testbed/demo/counts.ts';
import { measureRotation, type Measured } from '../../testbed/demo/rotation.ts';
import type { Write } from '../../testbed/write-gate.ts';
import { spread } from '../fixtures/spread.ts';
import { GatedOperator } from './gated-operator.ts';
import { areStored, liveRelease, nothingLost, onceEach } from './live-release.ts';

const live = liveRelease('e2e-crash', ['--set', 'operator.extraWorkloads={deployment/traffic}']);

let operator: GatedOperator;

beforeAll(async () => {
  operator = await GatedOperator.replace(live.release);
  operator.start();
  await operator.rest();
});
afterAll(() => operator?.end());

const rotate = (): Promise<Measured> => measureRotation(live.client, live.release, ['service-token'], { onStatus: () => {} });

test('wherever the operator is killed, each reader restarts once and no report is lost', async () => {
  const writes = operator.gate.writes.length;
  const free = await rotate();
  expect(free).toMatchObject({ tally: nothingLost, restarts: onceEach });
  await operator.rest();
  const count = operator.gate.writes.length - writes;
  const points = spread(count, process.env['CRASH_POINTS'] ?? '3');
  for (const point of points) {
    const killed = Promise.withResolvers<Write>();
    operator.gate.shutAfter(point, killed.resolve);
    void killed.promise.then(() => operator.restart());
    const { tally, restarts } = await rotate();
    const write = await Promise.race([killed.promise, operator.rest().then(() => undefined)]);
    operator.gate.open();
    // What is said on the way is sometimes said in fewer writes.
    const at = write ? `killed at write ${point} of ${count}, ${write.method} ${write.path}` : `done before write ${point} of ${count}`;
    console.log(at);
    expect(write ?? point, 'there is a first write').not.toBe(0);
    expect({ at, ...tally }).toEqual({ at, ...tally, ...nothingLost });
    expect({ at, restarts }).toMatchObject({ at, restarts: onceEach });
    await operator.rest();
  }
  console.log(`${points.length} write points`);
}, 60 * 60_000);

test('every report that was accepted is in the database at the end', async () => {
  const counted = await stopTraffic(live.release);
  expect(await storedReports(live.release)).toSatisfy((stored: number) => areStored(stored, counted), JSON.stringify(counted));
});
