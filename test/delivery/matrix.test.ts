/**
 * Every way to deliver the chart, with every way to make its values, under all that people do with it: nothing rotates that
 * nobody rotated. `DELIVERY=all` plays every row, else a third of them, each way once; `DELIVERY_TABLE=write` writes the table
 * of docs/delivery.md, after it was compared.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Places } from '../scale/harness/places.ts';
import { openWorld, type World } from '../scale/harness/world.ts';
import { stories, type Act } from './acts.ts';
import { Meter } from './measure.ts';
import { modes, type Mode } from './modes.ts';
import { Stage } from './stage.ts';
import { lasting, readTable, rowOf, verdictOf, writeTable } from './table.ts';
import type { Way } from './tools/tool.ts';
import { ways } from './tools/ways.ts';

/** How many releases side by side. */
const places = new Places(Number(process.env['DELIVERY_WIDTH'] ?? 8));

const found = new Map<string, Map<string, string>>();
let world: World;

beforeAll(async () => void (world = await openWorld()));
afterAll(async () => {
  await world.end();
  if (process.env['DELIVERY_TABLE'] === 'write') writeTable(new Map([...committed, ...found]));
});

const committed = readTable();
const isPlayed = (way: number, mode: number): boolean => process.env['DELIVERY'] === 'all' || (way + mode) % modes.length === 0;
const rows = ways.flatMap((way, at) => modes.filter((_, index) => isPlayed(at, index)).map((mode) => ({ name: rowOf(way.name, mode.name), way, mode })));

test.concurrent.each(rows)('$name', async ({ name, way, mode }) => {
  const verdicts = new Map<string, string>();
  await Promise.all(stories.map((story) => places.take(() => tell(story, way, mode, verdicts))));
  found.set(name, verdicts);
  expect(lasting(verdicts)).toEqual(lasting(committed.get(name)));
});

async function tell(story: readonly Act[], way: Way, mode: Mode, verdicts: Map<string, string>): Promise<void> {
  const stage = await Stage.open(world, way, mode);
  const meter = new Meter(stage);
  try {
    for (const act of story) {
      const startedAt = performance.now();
      const verdict = verdictOf(await meter.play(act));
      if (!verdicts.has(act.name) || verdict !== '0') verdicts.set(act.name, verdict);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log([`${way.name}, ${mode.name}: ${act.name}: ${verdict} (${seconds} s)`, ...stage.site.failures, ...stage.inside.refusals].join('\n  '));
    }
  } finally {
    meter.stop();
    await stage.close();
  }
}
