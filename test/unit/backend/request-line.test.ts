/** What libraries for HTTP never send: requests as bytes. */
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { findingReport, listen, startBackend, tokenA, tokenB } from './harness.ts';

/** A connection; `received` is all that has come back so far. */
async function connection() {
  const [host, port] = (await listen(await startBackend())).split(':');
  const socket = connect(Number(port), host);
  onTestFinished(() => void socket.destroy());
  let received = '';
  let hasEnded = false;
  socket.on('data', (chunk) => (received += chunk.toString()));
  socket.on('close', () => (hasEnded = true));
  return { send: (text: string) => void socket.write(text), received: () => received, hasEnded: () => hasEnded };
}

const soon = { timeout: 10_000 };

const lines = (...all: string[]): string => [...all, '', ''].join('\r\n');

it.each([
  ['GET http://kure.example/health HTTP/1.1', '"status":"healthy"'],
  ['GET HTTPS://kure.example:8443/health?x=http://y/ HTTP/1.1', '"status":"healthy"'],
  ['GET http://kure.example/unknown HTTP/1.1', 'HTTP/1.1 404'],
  ['GET http://user@kure.example/health HTTP/1.1', '"status":"healthy"'],
  ['GET http://kure.example HTTP/1.1', 'The dashboard is not built'],
  ['GET http://kure.example?from=here HTTP/1.1', 'The dashboard is not built'],
  ['POST http://kure.example/health HTTP/1.1', 'HTTP/1.1 405'],
])('%s is answered as its path is', async (line, expected) => {
  const { send, received } = await connection();
  send(lines(line, 'Host: elsewhere'));
  await expect.poll(received, soon).toContain(expected);
});

const order = (origin: string) => lines('POST http://kure.example/api/auth/logout HTTP/1.1', 'Host: evil.example', `Origin: http://${origin}`, 'Content-Length: 0');

it('judges where a request comes from by the host that the whole URL names', async () => {
  const { send, received } = await connection();
  send(order('evil.example'));
  await expect.poll(received, soon).toContain('HTTP/1.1 403');
  send(order('kure.example'));
  await expect.poll(received, soon).toContain('HTTP/1.1 204');
});

it('opens a WebSocket by a whole URL', async () => {
  const { send, received } = await connection();
  const handshake = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  send(lines(`GET http://kure.example/ws?token=${tokenA} HTTP/1.1`, 'Host: kure.example', ...handshake));
  await expect.poll(received, soon).toContain('HTTP/1.1 101');
});

const finding = JSON.stringify(findingReport());
const asking = (token: string) =>
  lines(
    'POST /api/security/findings HTTP/1.1',
    'Host: kure.example',
    `X-Service-Token: ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${finding.length}`,
    'Expect: 100-continue',
  );

it('tells who asks before sending a body to go on, and then takes it', async () => {
  const { send, received } = await connection();
  send(asking(tokenA));
  await expect.poll(received, soon).toBe(lines('HTTP/1.1 100 Continue'));
  send(finding);
  await expect.poll(received, soon).toContain('HTTP/1.1 200');
});

it('refuses who is not let in before they send it, and ends the connection', async () => {
  const { send, received, hasEnded } = await connection();
  send(asking(tokenB));
  await expect.poll(hasEnded, soon).toBe(true);
  expect(received()).toMatch(/^HTTP\/1.1 401/);
});
