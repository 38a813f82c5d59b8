/** Whether memory stays where it is while everything is asked of a backend at once. */
import { setInterval } from 'node:timers/promises';
import { median } from '../figures.ts';
import { residentBytes } from '../processes.ts';
import type { Running } from './contenders.ts';
import { connections, load, whileLoggingIn } from './load.ts';

/** Bytes resident, medians. */
export interface Memory {
  readonly early: number;
  readonly late: number;
}

/** Known findings and pod reports, half of the connections each, and one client that logs in. */
export async function underLoad(running: Running, minutes: number): Promise<Memory> {
  const seconds = minutes * 60;
  const samples: number[] = [];
  const ending = new AbortController();
  const sampling = sample(running, samples, ending.signal);
  await whileLoggingIn(running, () =>
    Promise.all([load(running, 'known findings', seconds, connections / 2), load(running, 'pod reports', seconds, connections / 2)]),
  ).finally(() => ending.abort());
  await sampling;
  const third = Math.ceil(samples.length / 3);
  return { early: median(samples.slice(0, third)), late: median(samples.slice(-third)) };
}

async function sample({ child }: Running, samples: number[], signal: AbortSignal): Promise<void> {
  for await (const _ of setInterval(500)) {
    if (signal.aborted) return;
    samples.push(residentBytes(child.pid));
  }
}
