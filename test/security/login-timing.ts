/**
 * node test/security/login-timing.ts [tries]: how long a refused login takes for names that are there and for names that
 * are not, in turn, over HTTP against the program itself. Prints the two medians; each name is tried ten times only, from
 * addresses of its own, so that nothing is throttled.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const tries = Number(process.argv[2] ?? 1_000);
const triesOfName = 10;
const password = 'correct horse battery staple';
const directory = await mkdtemp(join(tmpdir(), 'kure-timing-'));
const env = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: directory, TRUSTED_PROXIES: '127.0.0.1' };
const child = spawn(process.execPath, ['backend/main.ts'], { env });
let output = '';
child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
while (!/"url":"[^"]+"/.test(output)) await sleep(50);
const url = /"url":"([^"]+)"/.exec(output)![1]!;
let address = 0;

async function post(path: string, body: object, cookie = ''): Promise<Response> {
  address += 1;
  const from = `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`;
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': from, cookie };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (answer.status !== 200 && answer.status !== 401) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function refusedMs(username: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await post('/api/auth/login', { username, password: 'wrong' });
  await answer.text();
  return performance.now() - startedAt;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const cookie = (await post('/api/auth/signup', { username: 'admin', password })).headers.getSetCookie()[0]!.split(';')[0];
const names = Math.ceil(tries / triesOfName);
for (let index = 0; index < names; index += 1) {
  const { token } = (await (await post('/api/admin/invitations', { role: 'read' }, cookie)).json()) as { token: string };
  await post('/api/auth/accept-invitation', { token, username: `known-${index}`, password });
}
const known: number[] = [];
const unknown: number[] = [];
for (let index = 0; index < tries; index += 1) {
  known.push(await refusedMs(`known-${index % names}`));
  unknown.push(await refusedMs(`never-${index % names}`));
}
const [there, notThere] = [median(known), median(unknown)];
console.log(`refused logins, medians of ${tries}: known ${there.toFixed(2)} ms, unknown ${notThere.toFixed(2)} ms, apart by ${((Math.abs(there - notThere) / there) * 100).toFixed(2)} %`);
child.kill('SIGTERM');
await once(child, 'exit');
await rm(directory, { recursive: true });
