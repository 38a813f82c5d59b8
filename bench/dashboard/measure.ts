/** What the dashboard costs a browser: the first load, the time until it answers, a list of 10,000 findings. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { Service } from '../../test/page/service.ts';
import { findCommand } from '../../testbed/requirements.ts';
import { median, milliseconds, printTable, quantile, type Row } from '../figures.ts';
import { end, start, untilReady, type Line } from '../processes.ts';
import { firstLoad, type FirstLoad } from './first-load.ts';
import { longList, type LongList } from './long-list.ts';

export interface DashboardOptions {
  readonly visits: number;
  readonly findings: number;
}

const port = 8_123;
const url = `http://127.0.0.1:${port}`;

export async function measureDashboard(folder: string, { visits, findings }: DashboardOptions): Promise<void> {
  const executablePath = findCommand('chromium');
  if (executablePath === undefined) throw new Error('chromium is not installed: run scripts/setup.');
  const token = nanoid(48);
  const data = join(folder, 'data');
  mkdirSync(data);
  const line: Line = {
    program: process.execPath,
    args: ['dist/backend/main.mjs'],
    env: { HOST: '127.0.0.1', PORT: String(port), DATA_DIR: data, SERVICE_TOKEN: token },
    log: join(folder, 'backend.log'),
  };
  const backend = start(line);
  await untilReady(backend, line, async () => (await fetch(`${url}/ready`)).ok);
  const browser = await chromium.launch({ executablePath });
  const signup = await inTurn(visits, () => onFreshVisit(browser, {}, (context) => firstLoad(context, '/', 'input[name=username]')));
  const storageState = await signUp(browser);
  const service = new Service(url, token);
  await service.reportPods(50);
  const pods = await inTurn(visits, () => onFreshVisit(browser, { storageState }, (context) => firstLoad(context, '/pods', 'input[type=search]')));
  await service.findMany(findings);
  const lists = await inTurn(Math.ceil(visits / 4), () => onFreshVisit(browser, { storageState }, (context) => longList(context, findings)));
  await browser.close();
  await end(backend);
  printTable(['first load, nothing in the cache', 'signup', 'failing pods, 50 of them'], loadRows(signup, pods));
  printTable([`a list of ${findings.toLocaleString('en')} findings`, ''], listRows(lists));
}

async function inTurn<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let turn = 0; turn < count; turn += 1) results.push(await work());
  return results;
}

/** With an empty cache. */
async function onFreshVisit<T>(browser: Browser, state: { storageState?: StorageState }, work: (context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1440, height: 900 }, ...state });
  const result = await work(context);
  await context.close();
  return result;
}

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

const signUp = (browser: Browser): Promise<StorageState> =>
  onFreshVisit(browser, {}, async ({ request }) => {
    const answer = await request.post('/api/auth/signup', { data: { username: 'admin', password: nanoid(24) } });
    if (!answer.ok()) throw new Error(`no first admin: ${answer.status()}`);
    return request.storageState();
  });

const loadRows = (...columns: readonly (readonly FirstLoad[])[]): Row[] => [
  ['over the wire, compressed', ...columns.map((loads) => `${(median(loads.map(({ bytes }) => bytes)) / 1_000).toFixed(1)} KB`)],
  ...(['painted', 'answers', 'quiet', 'work', 'keyDelay'] as const).map((figure) => [
    names[figure],
    ...columns.map((loads) => spread(loads.map((load) => load[figure]))),
  ]),
];

const names = {
  painted: 'first contentful paint',
  answers: 'the field is there and the main thread free',
  quiet: 'end of the last task over 50 ms',
  work: 'CPU time of the main thread until it answers',
  keyDelay: 'a key pressed then is on the screen after',
} as const;

const listRows = (lists: readonly LongList[]): Row[] => [
  ['from the address to the first rows', spread(lists.map(({ shown }) => shown))],
  ['a frame while scrolling through all of it', spread(lists.flatMap(({ frames }) => frames))],
  ['the longest frame of a run', spread(lists.map(({ frames }) => Math.max(...frames)))],
  ['from the last key of a search to its one row', spread(lists.map(({ found }) => found))],
];

const spread = (values: readonly number[]): string => `${milliseconds(median(values))}, 95 % ${milliseconds(quantile(values, 0.95))}`;
