/** Tells one story of a release to its end; what each act cost is added to the row's verdicts. */
import type { Act } from './acts.ts';
import { Meter } from './measure.ts';
import type { Mode } from './modes.ts';
import { Stage, type Setting } from './stage.ts';
import { verdictOf } from './table.ts';
import type { Way } from './tools/tool.ts';

export async function tell(story: readonly Act[], setting: Setting, way: Way, mode: Mode, verdicts: Map<string, string>): Promise<void> {
  const stage = await Stage.open(setting, way, mode);
  const meter = new Meter(stage);
  try {
    for (const act of story) {
      const startedAt = performance.now();
      const verdict = verdictOf(await meter.play(act));
      // An act that begins both stories is as good as the worse one.
      if (!verdicts.has(act.name) || verdict !== '0') verdicts.set(act.name, verdict);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log([`${way.name}, ${mode.name}: ${act.name}: ${verdict} (${seconds} s)`, ...stage.site.failures].join('\n  '));
    }
  } finally {
    await meter.stop();
    await stage.close();
  }
}
