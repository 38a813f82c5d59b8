/**
 * Every way to deliver the chart, with every way to make its values, under all that people do with it: nothing rotates that
 * nobody rotated. `DELIVERY=all` plays every row, else those of the chart's own values; `DELIVERY_TABLE=write` writes the
 * table of docs/delivery.md, after it was compared.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Slots } from '../../shared/slots.ts';
import { stories } from './acts.ts';
import { onFakeGround, type FakeSetting } from './fake-ground.ts';
import { modes } from './modes.ts';
import { tell } from './story.ts';
import { lasting, readTable, rowOf, writeTable } from './table.ts';
import { ways } from './tools/ways.ts';

/** How many releases side by side. */
const slots = new Slots(Number(process.env['DELIVERY_WIDTH'] ?? 8));

const found = new Map<string, Map<string, string>>();
let setting: FakeSetting;

beforeAll(async () => void (setting = await onFakeGround()));
afterAll(async () => {
  await setting.end();
  if (process.env['DELIVERY_TABLE'] === 'write') writeTable(new Map([...committed, ...found]));
});

const committed = readTable();
const played = process.env['DELIVERY'] === 'all' ? modes : modes.slice(0, 1);
const rows = ways.flatMap((way) => played.map((mode) => ({ name: rowOf(way.name, mode.name), way, mode })));

test.concurrent.each(rows)('$name', async ({ name, way, mode }) => {
  const verdicts = new Map<string, string>();
  await Promise.all(stories.map((story) => slots.run(() => tell(story, setting, way, mode, verdicts))));
  found.set(name, verdicts);
  expect(lasting(verdicts)).toEqual(lasting(committed.get(name)));
});
