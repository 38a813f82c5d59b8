/** Random faults, one after the other, each of which strikes some of the connections. */
import { setTimeout as sleep } from 'node:timers/promises';
import { answers, cutsOff, delays, keepsSilent, neverAnswers, type Fault, type FaultProxy } from '../fixtures/fault-proxy.ts';
import { failure } from '../fixtures/reflected.ts';
import { groups } from './churn.ts';

type Strike = (proxy: FaultProxy, random: () => number) => Promise<void> | void;

/** Strikes the next few requests of a kind, and ends some watches so that there are any. */
const onNext =
  (kind: 'list' | 'watch', fault: Fault): Strike =>
  (proxy, random) => {
    proxy.next(kind, fault, 1 + Math.floor(random() * groups));
    const strikes = () => random() < 0.5;
    if (kind === 'watch') proxy.endWatches(strikes);
    else proxy.cut(strikes);
  };

const some =
  (strike: (proxy: FaultProxy, strikes: () => boolean) => void): Strike =>
  (proxy, random) =>
    strike(proxy, () => random() < 0.5);

export const strikes: Readonly<Record<string, Strike>> = {
  'watches closed': some((proxy, struck) => proxy.endWatches(struck)),
  'connections reset': some((proxy, struck) => proxy.cut(struck)),
  'watches silent': onNext('watch', keepsSilent),
  'lists never answered': onNext('list', neverAnswers),
  'watches late': onNext('watch', delays(700)),
  'lists late': onNext('list', delays(700)),
  'watches cut before the answer': onNext('watch', cutsOff),
  'watches 429': onNext('watch', answers(429, { 'retry-after': '1' })),
  'lists 429': onNext('list', answers(429, { 'retry-after': '1' })),
  'watches 500': onNext('watch', answers(500)),
  'lists 500': onNext('list', answers(500)),
  'watches 410': onNext('watch', answers(410)),
  'events 410': some((proxy, struck) => proxy.inject(failure(410, 'Expired'), struck)),
  'events 500': some((proxy, struck) => proxy.inject(failure(500), struck)),
  'broken lines': some((proxy, struck) => proxy.inject('{"type":"MODIFIED","obj', struck)),
  'frozen for a second': async (proxy) => {
    proxy.freeze();
    await sleep(1_000);
    proxy.thaw();
  },
  'refused for a second': async (proxy) => {
    await proxy.refuse();
    await sleep(1_000);
    await proxy.open();
  },
};

/** Afterwards nothing is broken any more; returns what was struck, in order. */
export async function storm(proxy: FaultProxy, durationMs: number, random: () => number, names = Object.keys(strikes)): Promise<string[]> {
  const struck: string[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const name = names[Math.floor(random() * names.length)] ?? '';
    await strikes[name]?.(proxy, random);
    struck.push(name);
    await sleep(300 + random() * 2_200);
  }
  proxy.heal();
  return struck;
}
