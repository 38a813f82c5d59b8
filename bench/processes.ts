/** Programs that the benchmarks start; all of them end with the benchmark's own process namespace. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Line {
  readonly program: string;
  readonly args: readonly string[];
  /** All of its environment but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: that of the benchmark. */
  readonly cwd?: string;
  readonly log: string;
}

export function start({ program, args, env = {}, cwd, log }: Line): ChildProcess {
  const file = openSync(log, 'a');
  const path = { PATH: process.env['PATH'] };
  const child = spawn(program, args, { stdio: ['ignore', file, file], env: { ...path, ...env }, ...(cwd !== undefined && { cwd }) });
  closeSync(file);
  return child;
}

export async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

/** Asks again and again until it is so; an error counts as no. */
export async function until(what: string, isSo: () => Promise<boolean>, seconds = 60, everyMs = 50): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await sleep(everyMs);
  }
}

/** The same, of a program; its log says why not. */
export async function untilReady(child: ChildProcess, { program, log }: Line, isReady: () => Promise<boolean>): Promise<void> {
  const ready = async (): Promise<boolean> => !isRunning(child) || (await isReady());
  const endOfLog = (): string => readFileSync(log, 'utf8').slice(-2_000);
  await until(`${program} is ready`, ready).catch((error: unknown) => {
    throw new Error(`${(error as Error).message}\n${endOfLog()}`);
  });
  if (!isRunning(child)) throw new Error(`${program} ended at once:\n${endOfLog()}`);
}

/** `Rss` of the whole process, as the kernel adds it up page by page. */
export function residentBytes(pid: number | undefined): number {
  return kilobytes('Rss', `/proc/${pid}/smaps_rollup`) * 1024;
}

/** The most that `Rss` ever was. */
export const peakBytes = (pid: number | undefined): number => kilobytes('VmHWM', `/proc/${pid}/status`) * 1024;

const kilobytes = (name: string, file: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1]);
