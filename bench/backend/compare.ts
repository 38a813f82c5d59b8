/** Our backend on both of its databases and, given a checkout, upstream's: one after the other, on one machine and one server. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgresql } from '../../test/fixtures/postgresql.ts';
import { progressOn, type Progress } from '../../testbed/progress.ts';
import { mebibytes, milliseconds, perSecond, percent, printTable, ratio } from '../figures.ts';
import { end, peakBytes, residentBytes } from '../processes.ts';
import { signUp } from './accounts.ts';
import { contendersIn, launch, type Contender, type Running } from './contenders.ts';
import { underLoad, type Memory } from './endurance.ts';
import { load, whileLoggingIn, type Speed } from './load.ts';

export interface Options {
  readonly upstream?: string;
  readonly python?: string;
  readonly seconds: number;
  readonly minutes: number;
}

/** Until what starting left behind would be collected if it ever is. */
const restMs = 10_000;

interface Figures {
  readonly rest: number;
  readonly known: Speed;
  readonly pods: Speed;
  readonly me: Speed;
  readonly besideLogins: Speed;
  readonly loginsPerSecond: number;
  readonly fresh: Speed;
  readonly memory: Memory;
  readonly peak: number;
}

export async function compareBackends(folder: string, { upstream, python, seconds, minutes }: Options): Promise<void> {
  const theirs = upstream !== undefined && python !== undefined ? { folder: upstream, python } : undefined;
  if (!theirs) console.warn('\nONLY OURS IS MEASURED: give --upstream and --python, or there is nothing to compare with.\n');
  const progress = progressOn(process.stderr);
  const server = await progress.step('PostgreSQL', () => startPostgresql({ durable: true }));
  try {
    const contenders = contendersIn(folder, server, theirs);
    const found: Figures[] = [];
    for (const contender of contenders) found.push(await measure(contender, folder, progress, { seconds, minutes }));
    print(contenders, found);
  } finally {
    await server.remove();
  }
}

/** The steps in this order for all: what one leaves in the tables is there for the next. */
async function measure(contender: Contender, folder: string, progress: Progress, { seconds, minutes }: Pick<Options, 'seconds' | 'minutes'>): Promise<Figures> {
  const step = <T>(what: string, work: () => Promise<T>) => progress.step(`${contender.name}: ${what}`, work);
  const started = await step('starts', () => launch(contender, folder));
  try {
    const rest = await step('at rest', async () => {
      await sleep(restMs);
      return residentBytes(started.child.pid);
    });
    const running = await signUp(started);
    await step('warms up', () => warmUp(running, seconds));
    const known = await step('known findings', () => load(running, 'known findings', seconds));
    const pods = await step('pod reports', () => load(running, 'pod reports', seconds));
    const me = await step('/api/auth/me', () => load(running, 'me', seconds));
    const besideLogins = await step('known findings beside logins', () =>
      whileLoggingIn(running, () => load(running, 'known findings', seconds)),
    );
    const fresh = await step('new findings', () => load(running, 'new findings', seconds));
    const memory = await step(`all at once for ${minutes} min`, () => underLoad(running, minutes));
    const peak = peakBytes(running.child.pid);
    const { result, loginsPerSecond } = besideLogins;
    return { rest, known, pods, me, besideLogins: result, loginsPerSecond, fresh, memory, peak };
  } finally {
    await end(started.child);
  }
}

/** Compilers of both have done their work after it. */
async function warmUp(running: Running, seconds: number): Promise<void> {
  for (const kind of ['known findings', 'pod reports', 'me'] as const) await load(running, kind, Math.ceil(seconds / 2));
}

function print(contenders: readonly Contender[], found: readonly Figures[]): void {
  const [sqlite, postgresql, other] = found;
  const row = (what: string, of: (figures: Figures) => number, format: (value: number) => string): string[] => [
    what,
    ...found.map((figures) => format(of(figures))),
    ...[sqlite, postgresql].map((own) => ratio(own ? of(own) : Number.NaN, other && of(other))),
  ];
  const speed = (what: string, of: (figures: Figures) => Speed): string[][] => [
    row(`${what}, per second`, (figures) => of(figures).perSecond, perSecond),
    row(`${what}, median`, (figures) => of(figures).p50, milliseconds),
    row(`${what}, 99 %`, (figures) => of(figures).p99, milliseconds),
  ];
  printTable(
    ['', ...contenders.map(({ name }) => name), 'SQLite / upstream', 'PostgreSQL / upstream'],
    [
      ...speed('known findings', ({ known }) => known),
      ...speed('new findings', ({ fresh }) => fresh),
      ...speed('pod reports of 4 KB', ({ pods }) => pods),
      ...speed('/api/auth/me', ({ me }) => me),
      ...speed('known findings beside logins', ({ besideLogins }) => besideLogins),
      row('of the same without logins', ({ besideLogins, known }) => besideLogins.perSecond / known.perSecond, percent),
      row('logins beside them, per second', ({ loginsPerSecond }) => loginsPerSecond, perSecond),
      row('resident at rest', ({ rest }) => rest, mebibytes),
      row('resident under all loads, first third', ({ memory }) => memory.early, mebibytes),
      row('resident under all loads, last third', ({ memory }) => memory.late, mebibytes),
      row('most ever resident', ({ peak }) => peak, mebibytes),
    ],
  );
}
