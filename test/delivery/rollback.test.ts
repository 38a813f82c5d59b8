/** `helm rollback` straight after an edit, while its rotation has hardly begun: the new token stays, in every mode of Helm. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { valueOf } from '../scale/harness/values.ts';
import type { Act } from './acts.ts';
import { onFakeGround, type FakeSetting } from './fake-ground.ts';
import { Meter } from './measure.ts';
import { modes } from './modes.ts';
import { Stage } from './stage.ts';
import { verdictOf } from './table.ts';
import { ways } from './tools/ways.ts';

const edited = valueOf('C');

const prepare: Act = {
  name: 'two revisions',
  fresh: true,
  async play({ tool }) {
    await tool.install(0);
    await tool.upgrade(1);
  },
};

const rollback: Act = {
  name: 'edit, rollback at once',
  edited,
  async play({ release, tool }) {
    await release.edit(edited);
    await tool.rollback(0);
  },
};

let setting: FakeSetting;

/** Longer than Helm takes on a busy machine: a pod that starts between its write and the put-back would rightly be replaced. */
const debounceSeconds = 10;

beforeAll(async () => void (setting = await onFakeGround(debounceSeconds)));
afterAll(() => setting.end());

const [chart] = modes;
const withHelm = ways.filter(({ name }) => /Helm|Flux/.test(name));

test.concurrent.each(withHelm)('$name keeps the new token', async (way) => {
  const stage = await Stage.open(setting, way, chart!);
  const meter = new Meter(stage);
  try {
    await meter.play(prepare);
    const measured = await meter.play(rollback);
    expect([verdictOf(measured), ...stage.site.failures]).toEqual(['0']);
    expect(await stage.release.holds(edited)).toBe(true);
  } finally {
    await meter.stop();
    await stage.close();
  }
});
