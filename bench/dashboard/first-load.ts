/** One visit with an empty cache, from the address to the first key. */
import type { BrowserContext } from 'playwright-core';

/** All but `bytes` in milliseconds from the start of the navigation. */
export interface FirstLoad {
  /** As they came over the wire, headers included. */
  readonly bytes: number;
  readonly painted: number;
  /** The field can be typed into, and a task of its own got its turn. */
  readonly answers: number;
  /** The end of the last long task (over 50 ms); without any, the first paint. */
  readonly quiet: number;
  /** CPU time of the main thread until it answers: what other work on the machine adds is not in it. */
  readonly work: number;
  /** From a key to the frame that shows it. */
  readonly keyDelay: number;
}

/** Runs in the page before its own scripts. */
const observe = (field: string): string => `
  window.load = { long: 0 };
  new PerformanceObserver((list) => { for (const task of list.getEntries()) window.load.long = task.startTime + task.duration; })
    .observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (!document.querySelector('${field}')) return requestAnimationFrame(look);
    setTimeout(() => { window.load.answers = performance.now(); });
  };
  requestAnimationFrame(look);
`;

const untilAnswers = `new Promise((done) => {
  const look = () => (window.load.answers === undefined ? requestAnimationFrame(look) : done());
  look();
})`;

const read = `({ ...window.load, painted: performance.getEntriesByName('first-contentful-paint')[0].startTime })`;

const timeKey = `window.keyDelay = new Promise((done) => {
  document.addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => setTimeout(() => done(performance.now() - timeStamp))), { once: true });
})`;

export async function firstLoad(context: BrowserContext, path: string, field: string): Promise<FirstLoad> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.addInitScript(observe(field));
  await page.goto(path);
  await page.evaluate(untilAnswers);
  const { metrics } = await session.send('Performance.getMetrics');
  const work = (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000;
  await page.focus(field);
  await page.evaluate(`${timeKey}; undefined`);
  await page.keyboard.press('a');
  const keyDelay = await page.evaluate<number>('window.keyDelay');
  await page.waitForLoadState('networkidle');
  const { long, answers, painted } = await page.evaluate<{ long: number; answers: number; painted: number }>(read);
  return { bytes, painted, answers, quiet: Math.max(long, painted), work, keyDelay };
}
