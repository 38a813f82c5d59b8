/**
 * Reflectors under steady changes and random faults, for two minutes or SOAK_MINUTES: at every quiet point they hold
 * what the server holds, no change was missed, and neither sockets nor memory nor requests have grown.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { FaultProxy } from '../fixtures/fault-proxy.ts';
import { identity } from '../fixtures/identity.ts';
import { givenNamespace, type ConfigMap, type TestNamespace } from '../fixtures/namespace.ts';
import { Churn, groups, selectorOf } from './churn.ts';
import { fittedGrowth, type Point } from './measure.ts';
import { randomFrom } from './random.ts';
import { storm, strikes } from './storm.ts';
import type { Report, Task } from './watcher.ts';

const minutes = Number(process.env['SOAK_MINUTES'] ?? 2);
/** A run that failed is played again with its SOAK_SEED, as far as time allows. */
const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
const stormMs = 15_000;
/** Watches live shorter than in production, in its proportions, so that many of them end by themselves. */
const patience = { listDeadlineMs: 2_000, watchSeconds: { min: 8, max: 10 }, watchGraceMs: 1_000 };

/** One in the longest pause of its backoff needs a minute, and another where a starved machine lets its list run out of time. */
const quiet = { timeout: 240_000, interval: 250 };
/** For each reflector. A strike costs it a list and a watch, but strikes about every second one only; watches also end by themselves. */
const requestBudget = { perStrike: 1, perMinute: 60 / patience.watchSeconds.min };
/** Of the memory there is after the first third. */
const growthBudget = 0.1;

const selectors = Array.from({ length: groups }, (_, group) => selectorOf(group));

async function givenWatcher(namespace: TestNamespace, proxy: FaultProxy): Promise<() => Promise<Report>> {
  const child = fork(join(import.meta.dirname, 'watcher.ts'), { execArgv: ['--expose-gc'] });
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  });
  const task: Task = { url: proxy.connection().baseUrl.href, path: namespace.path, labelSelectors: selectors, patience };
  child.send(task);
  return async () => {
    child.send('report');
    const [report] = (await once(child, 'message')) as [Report];
    return report;
  };
}

/** What each reflector should hold. */
async function truth({ kube, path }: TestNamespace): Promise<string[][]> {
  const lists = selectors.map((labelSelector) => kube.get<{ items: ConfigMap[] }>(path, { labelSelector }));
  return (await Promise.all(lists)).map(({ items }) => items.map(identity).toSorted());
}

const afterWarmUp = (points: readonly Point[]) => points.slice(Math.floor(points.length / 3));
const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

it(`hold the truth after ${minutes} minutes of faults (SOAK_SEED=${seed})`, { timeout: (minutes + 5) * 60_000 }, async () => {
  const random = randomFrom(seed);
  const namespace = await givenNamespace('soak');
  const proxy = await FaultProxy.start(namespace.connection);
  onTestFinished(() => proxy.stop());
  const ask = await givenWatcher(namespace, proxy);
  const churn = new Churn(namespace, random);
  const startedAt = performance.now();
  const elapsedMinutes = () => (performance.now() - startedAt) / 60_000;
  const struck: string[] = [];
  const memory: Record<'rss' | 'heapUsed', Point[]> = { rss: [], heapUsed: [] };
  let slowest = 0;
  let report: Report;

  do {
    churn.start();
    struck.push(...(await storm(proxy, stormMs, random)));
    await churn.stop();
    const calmSince = performance.now();
    report = await vi.waitFor(async () => {
      const answer = await ask();
      const expected = await truth(namespace);
      expect(answer.stores).toEqual(expected);
      expect(answer.told).toEqual(expected);
      expect(proxy.openWatches).toBe(groups);
      return answer;
    }, quiet);
    slowest = Math.max(slowest, performance.now() - calmSince);
    expect(report.stats.map(({ missed }) => missed)).toEqual(selectors.map(() => 0));
    expect(proxy.sockets.size).toBeLessThanOrEqual(groups + 1);
    for (const kind of ['rss', 'heapUsed'] as const) {
      memory[kind].push({ at: performance.now() / 1_000, value: report.memory[kind] });
    }
  } while (elapsedMinutes() < minutes);

  const budget = groups * (requestBudget.perStrike * struck.length + requestBudget.perMinute * elapsedMinutes());
  const lists = report.stats.reduce((sum, { lists }) => sum + lists, 0);
  console.log(
    [
      `${elapsedMinutes().toFixed(1)} minutes, ${memory.rss.length} quiet points, the slowest true after ${(slowest / 1_000).toFixed(1)} s`,
      `${churn.changes} changes, ${struck.length} strikes of ${new Set(struck).size} kinds, ${lists} lists answered`,
      `${proxy.seen.length} requests of ${Math.round(budget)}, ${(proxy.seen.length / elapsedMinutes()).toFixed(0)} a minute`,
      `${proxy.connections} connections made, ${proxy.sockets.size} open`,
      ...Object.entries(memory).map(
        ([kind, points]) => `${kind} ${mebibytes(points.at(-1)?.value ?? 0)} MiB, grown by ${mebibytes(fittedGrowth(afterWarmUp(points)))}`,
      ),
    ].join('\n'),
  );
  expect(proxy.seen.length).toBeLessThanOrEqual(budget);
  expect(lists).toBeGreaterThan(groups);
  expect(struck.length).toBeGreaterThan(Object.keys(strikes).length);
  for (const points of Object.values(memory).map(afterWarmUp)) {
    expect(fittedGrowth(points)).toBeLessThanOrEqual(growthBudget * (points[0]?.value ?? 0));
  }
});
