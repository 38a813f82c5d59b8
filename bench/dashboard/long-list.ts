/** A list of many findings: shown, scrolled from end to end, searched. */
import type { BrowserContext } from 'playwright-core';

/** In milliseconds. */
export interface LongList {
  readonly shown: number;
  /** From each frame to the next, while it is scrolled. */
  readonly frames: readonly number[];
  readonly found: number;
}

/** A screen at a time, as fast as a hand turns the wheel. */
const scrollThrough = `new Promise((done) => {
  const frames = [];
  const all = document.documentElement.scrollHeight - innerHeight;
  const turns = 240;
  let turn = 0;
  let last = performance.now();
  const next = (now) => {
    frames.push(now - last);
    last = now;
    turn += 1;
    scrollTo(0, (all * turn) / turns);
    if (turn < turns) requestAnimationFrame(next); else done(frames.slice(1));
  };
  requestAnimationFrame(next);
})`;

const shownAt = `new Promise((done) => {
  const look = () => (document.querySelector('ul[aria-label=Findings] li') ? done(performance.now()) : requestAnimationFrame(look));
  look();
})`;

const foundAfter = `window.found = new Promise((done) => {
  document.addEventListener('keydown', ({ timeStamp, key }) => {
    const look = () => (document.querySelectorAll('ul[aria-label=Findings] li').length === 1 ? done(performance.now() - timeStamp) : requestAnimationFrame(look));
    if (key === '6') look();
  });
})`;

export async function longList(context: BrowserContext, findings: number): Promise<LongList> {
  const page = await context.newPage();
  await page.goto('/findings');
  const shown = await page.evaluate<number>(shownAt);
  const first = page.locator('ul[aria-label=Findings] li').first();
  if ((await first.getAttribute('aria-setsize')) !== String(findings)) throw new Error('the list has other findings than those of the benchmark');
  const frames = await page.evaluate<number[]>(scrollThrough);
  await page.evaluate('scrollTo(0, 0)');
  await page.focus('input[type=search]');
  await page.keyboard.type('worker-0000');
  await page.evaluate(`${foundAfter}; undefined`);
  await page.keyboard.press('6');
  return { shown, frames, found: await page.evaluate<number>('window.found') };
}
