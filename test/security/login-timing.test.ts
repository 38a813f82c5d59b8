/**
 * Whether a refused login tells by its time which names exist. Names that are there and names that are not are tried in turn
 * over HTTP, each ten times only and from addresses of its own, so that nothing is throttled. `LOGIN_TRIES` says how many of
 * each, 100 without it; from 1,000 on the clock is compared, too, which says little of fewer on a machine that does other work.
 */
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { startAttacked, type Attacked } from './program.ts';

const tries = Number(process.env['LOGIN_TRIES'] ?? 100);
const triesOfName = 10;
const enoughForTheClock = 1_000;

interface Cost {
  readonly clockMs: number;
  readonly cpuMs: number;
}

/** Of all threads of a process so far, by the scheduler's own count. */
async function cpuMsOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const counts = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')));
  return counts.reduce((sum, count) => sum + Number(count.split(' ')[0]), 0) / 1e6;
}

let addresses = 0;

async function post({ url }: Attacked, path: string, body: object, cookie = ''): Promise<Response> {
  addresses += 1;
  const from = `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': from, cookie };
  return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function refused(backend: Attacked, username: string): Promise<Cost> {
  const [startedAt, cpuBefore] = [performance.now(), await cpuMsOf(backend.pid)];
  const answer = await post(backend, '/api/auth/login', { username, password: 'wrong' });
  await answer.text();
  expect(answer.status).toBe(401);
  return { clockMs: performance.now() - startedAt, cpuMs: (await cpuMsOf(backend.pid)) - cpuBefore };
}

async function invite(backend: Attacked, username: string): Promise<void> {
  const { token } = (await (await post(backend, '/api/admin/invitations', { role: 'read' }, backend.cookie)).json()) as { token: string };
  const answer = await post(backend, '/api/auth/accept-invitation', { token, username, password: backend.password });
  expect(answer.ok).toBe(true);
}

/** Of medians, as a part of that of the names that are there. */
function distance(key: keyof Cost): number {
  const [known, unknown] = [costs.known, costs.unknown].map((list) => list.map((cost) => cost[key]).toSorted((a, b) => a - b)[Math.floor(tries / 2)]!);
  console.log(`refused logins, medians of ${tries}, ${key}: known names ${known!.toFixed(2)}, unknown ${unknown!.toFixed(2)}`);
  return Math.abs(known! - unknown!) / known!;
}

const costs: { known: Cost[]; unknown: Cost[] } = { known: [], unknown: [] };

it('a refused login costs as much work for a name that is there as for one that is not', { timeout: 600_000 }, async () => {
  const backend = await startAttacked({ TRUSTED_PROXIES: '127.0.0.1' });
  const names = Math.ceil(tries / triesOfName);
  for (let name = 0; name < names; name += 1) await invite(backend, `known-${name}`);
  for (let index = 0; index < tries; index += 1) {
    costs.known.push(await refused(backend, `known-${index % names}`));
    costs.unknown.push(await refused(backend, `never-${index % names}`));
  }
  expect(distance('cpuMs')).toBeLessThan(0.05);
});

it.skipIf(tries < enoughForTheClock)('and takes as long', () => {
  expect(distance('clockMs')).toBeLessThan(0.05);
});
