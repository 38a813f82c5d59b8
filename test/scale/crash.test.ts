/** Crash at every write: wherever the operator is killed, it ends where it would have ended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Slots } from '../../shared/slots.ts';
import { spread } from '../fixtures/spread.ts';
import { play, type Played, type Scenario } from './harness/play.ts';
import { openWorld, type World } from './harness/world.ts';
import { edits } from './scenarios/edits.ts';
import { losses } from './scenarios/losses.ts';
import { requests } from './scenarios/requests.ts';

/** How many releases side by side, of all scenarios together: measured, two cores do no more with more. */
const slots = new Slots(Number(process.env['CRASH_WIDTH'] ?? 10));

/** At most so many write points of each scenario, evenly spread; `all` are more than 600. */
const most = process.env['CRASH_POINTS'] ?? '3';

let world: World;
let points = 0;
let kills = 0;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world.end();
  console.log(`${points} write points, killed at ${kills} of them`);
});

/** Those that wait longest first, so that none of them is left alone at the end. */
const scenarios = [...requests.toReversed(), ...losses, ...edits].map((scenario) => [scenario.name, scenario] as const);

test.concurrent.each(scenarios)('%s: the same end, wherever the operator is killed', async (name, scenario) => {
  const own = scenario.width === undefined ? slots : new Slots(scenario.width);
  const free = await own.run(() => play(scenario, world));
  expect(free.violations).toEqual([]);
  const tried = spread(free.writes.length, most);
  const wrong = await Promise.all(tried.map((point) => own.run(() => crash(scenario, free, point))));
  points += tried.length;
  console.log(`${name}: ${tried.length} write points: ${kindsOf(free.writes)}`);
  expect(wrong.flat()).toEqual([]);
});

/** How many of which: `3 PATCH secrets, 4 POST events`. */
function kindsOf(writes: Played['writes']): string {
  const kinds = Map.groupBy(writes, ({ method, path }) => `${method} ${/\/namespaces\/[^/]+\/([^/]+)/.exec(path)?.[1]}`);
  return [...kinds].map(([kind, same]) => `${same.length} ${kind}`).join(', ');
}

/** What differs from the run without a crash, a sentence each. */
async function crash(scenario: Scenario, free: Played, point: number): Promise<string[]> {
  const at = `killed at write ${point}`;
  try {
    const { killedAt, endState, restarts, violations } = await play(scenario, world, point);
    const where = killedAt ? `${at} (${killedAt.method} ${killedAt.path})` : `${at}, which never came`;
    if (killedAt) kills += 1;
    // What is said on the way is sometimes said in fewer writes, but never in none.
    if (!killedAt && point === 0) return [`${where}: nothing was tried`];
    const differences = Object.keys({ ...free.endState, ...endState })
      .filter((part) => !scenario.mayDiffer?.parts.includes(part))
      .filter((part) => JSON.stringify(endState[part]) !== JSON.stringify(free.endState[part]))
      .map((part) => `${part} is ${JSON.stringify(endState[part])} instead of ${JSON.stringify(free.endState[part])}`);
    const tooMany = Object.entries(restarts)
      .filter(([name, count]) => count > free.restarts[name as keyof typeof restarts])
      .map(([name, count]) => `${name} was restarted ${count} times`);
    return [...differences, ...tooMany, ...violations].map((what) => `${where}: ${what}`);
  } catch (error) {
    return [`${at}: ${(error as Error).message}`];
  }
}
