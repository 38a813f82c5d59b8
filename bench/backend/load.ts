/** Load on a backend, from wrk: 16 connections that each send the next request when the last is answered. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nanoid } from 'nanoid';
import { logIn } from './accounts.ts';
import type { Running } from './contenders.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'load.lua');
export const connections = 16;

/** What is sent; `load.lua` has the requests. */
export type Kind = 'known findings' | 'new findings' | 'pod reports' | 'me';

export interface Speed {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Throws if any request was not answered with success: then there is nothing to compare. */
export async function load({ url, token, cookie, name }: Running, kind: Kind, seconds: number, width = connections): Promise<Speed> {
  const args = ['--threads=1', `--connections=${width}`, `--duration=${seconds}s`, '--timeout=30s', `--script=${script}`];
  const { stdout } = await run('wrk', [...args, url, '--', kind, token, cookie, nanoid(6)]);
  const figures = JSON.parse(/^figures (.*)$/m.exec(stdout)?.[1] ?? '{}') as Record<string, number>;
  const { requests = 0, microseconds = 0, p50 = 0, p99 = 0, failed = 0 } = figures;
  if (failed > 0 || requests === 0) throw new Error(`${name}: ${failed} of ${requests} requests (${kind}) failed`);
  return { perSecond: requests / (microseconds / 1e6), p50: p50 / 1000, p99: p99 / 1000 };
}

/** One client logs in over and over while `work` is under way; returns how often in a second, too. */
export async function whileLoggingIn<T>(running: Running, work: () => Promise<T>): Promise<{ result: T; loginsPerSecond: number }> {
  const over = new AbortController();
  let logins = 0;
  const begin = performance.now();
  const client = async (): Promise<void> => {
    for (; !over.signal.aborted; logins += 1) await logIn(running);
  };
  const [result] = await Promise.all([work().finally(() => over.abort()), client()]);
  return { result, loginsPerSecond: logins / ((performance.now() - begin) / 1000) };
}
