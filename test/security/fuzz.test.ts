/** Bytes that mean nothing. SECURITY_CASES says how many of each kind, 300 if it is not set. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { access } from '../../backend/http/access.ts';
import { soon } from '../fixtures/soon.ts';
import { tokenA } from '../unit/backend/harness.ts';
import { startAttacked } from './program.ts';
import { exchange, statusOf } from './raw.ts';
import { expectUnharmed, stateOf } from './unharmed.ts';

const numRuns = Number(process.env['SECURITY_CASES'] ?? 300);
/** Without the one that ends the session of the fuzzer. */
const routes = Object.keys(access).filter((row) => !row.endsWith('*') && row !== 'POST /api/auth/logout');

const route = fc.constantFrom(...routes);
const printable = fc.string({ unit: 'grapheme-ascii', maxLength: 200 });
const text = fc.oneof({ weight: 4, arbitrary: printable }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) });
const headerName = fc.oneof({ weight: 4, arbitrary: fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/) }, { weight: 1, arbitrary: text });
/** Some are almost right. */
const value = (right: string) => fc.oneof(text, fc.constantFrom('', right, `${right}x`, right.slice(1), 'a'.repeat(9_000)));
const wanted = fc.oneof(fc.jsonValue(), fc.record({ username: fc.anything(), password: fc.anything(), token: fc.anything(), pod_name: fc.anything(), namespace: fc.anything(), role: fc.anything(), status: fc.anything(), minutes: fc.anything(), provider: fc.anything(), config: fc.anything(), rule_title: fc.anything(), registry: fc.anything() }, { requiredKeys: [] }));

const head = (row: string, lines: string): string => {
  const [method, url] = row.split(' ') as [string, string];
  return `${method} ${url.replaceAll(/:\w+/g, '999999')} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines}`;
};

it('in headers and cookies get no answer above 499', async () => {
  const backend = await startAttacked();
  const before = stateOf(backend);
  let understood = 0;
  const headers = fc.record({ route, token: value(tokenA), cookie: value(backend.cookie.split('=')[1]!), name: headerName, any: text });
  await fc.assert(
    fc.asyncProperty(headers, async ({ route, token, cookie, name, any }) => {
      const lines = `X-Service-Token: ${token}\r\nCookie: kure_session=${cookie}\r\n${name}: ${any}\r\n\r\n`;
      const status = statusOf(await exchange(backend.port, Buffer.from(head(route, lines), 'latin1')));
      expect(status === 0 || status < 500).toBe(true);
      if (status !== 0 && status !== 400) understood += 1;
    }),
    { numRuns },
  );
  expect(understood).toBeGreaterThan(numRuns / 4);
  await expectUnharmed(backend, before);
});

it.each(['JSON', 'bytes'])('in bodies of %s get no answer above 499, whoever sends them', async (kind) => {
  const backend = await startAttacked();
  const before = stateOf(backend);
  const writing = fc.constantFrom(...routes.filter((row) => !row.startsWith('GET') && !row.endsWith('clear')));
  const body = kind === 'JSON' ? wanted.map((any) => Buffer.from(JSON.stringify(any) ?? '')) : fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes));
  const who = fc.constantFrom(`Cookie: ${backend.cookie}`, `X-Service-Token: ${tokenA}`, 'X-Nobody: 1');
  await fc.assert(
    fc.asyncProperty(writing, body, who, async (route, body, who) => {
      const lines = `${who}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      const status = statusOf(await exchange(backend.port, Buffer.concat([Buffer.from(head(route, lines)), body]), 10_000));
      expect({ route, status }).toEqual({ route, status: expect.toSatisfy((code: number) => code >= 200 && code < 500) });
    }),
    { numRuns },
  );
  await expectUnharmed(backend, before);
});

it('as frames on an open WebSocket close it and nothing else', async () => {
  const backend = await startAttacked();
  const before = stateOf(backend);
  const handshake = `GET /ws?token=${tokenA} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`;
  const frames = fc.uint8Array({ minLength: 1, maxLength: 2_000 });
  await fc.assert(
    fc.asyncProperty(frames, async (bytes) => {
      const answer = await exchange(backend.port, Buffer.concat([Buffer.from(handshake), Buffer.from(bytes)]), 30);
      expect([0, 101]).toContain(statusOf(answer));
    }),
    { numRuns },
  );
  await expect.poll(async () => /^kure_websocket_connections_active (\d+)/m.exec(await (await fetch(`${backend.url}/metrics`)).text())?.[1], soon).toBe('0');
  await expectUnharmed(backend, before);
});
