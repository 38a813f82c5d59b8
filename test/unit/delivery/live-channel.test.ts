import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../shared/clock.ts';
import { LiveChannel } from '../../../shared/delivery/live-channel.ts';
import { soon } from '../../fixtures/soon.ts';
import { collectLog, type CollectedLog } from './collected-log.ts';

const token = 'tok+en/with%odd&characters=0123456789';

let server: Server;
let sockets: WebSocketServer;
let refusing: boolean;
let urls: string[];
let collected: CollectedLog;
let heard: [string, unknown][];
let opened: number;
let channel: LiveChannel;

beforeEach(async () => {
  [urls, heard, opened, refusing, collected] = [[], [], 0, false, collectLog()];
  sockets = new WebSocketServer({ noServer: true });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    urls.push(request.url ?? '');
    if (refusing) socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    else sockets.handleUpgrade(request, socket, head, () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  channel = new LiveChannel({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    onOpen: () => (opened += 1),
    onMessage: (type, data) => heard.push([type, data]),
    clock: systemClock,
    log: collected.log,
    pauses: { minMs: 5, maxMs: 20 },
  });
});

afterEach(async () => {
  await channel.stop();
  for (const socket of sockets.clients) socket.terminate();
  server.close();
  server.closeAllConnections();
});

const isOpen = async () => {
  await expect.poll(() => sockets.clients.size, { ...soon, interval: 2 }).toBe(1);
};

test('hears what is broadcast, and passes over what it cannot read', async () => {
  channel.start();
  await isOpen();
  for (const text of ['not json', '[]', 'null', '{"type":7}', '{"type":"a","data":{"n":1}}', '{"type":"b"}']) {
    for (const socket of sockets.clients) socket.send(text);
  }
  await expect.poll(() => heard, { ...soon, interval: 2 }).toEqual([
    ['a', { n: 1 }],
    ['b', {}],
  ]);
  expect(new URL(urls[0]!, 'http://x').searchParams.get('token')).toBe(token);
});

test('connects again when it is cut off or refused, and tells each change once', async () => {
  channel.start();
  await isOpen();
  refusing = true;
  for (const socket of sockets.clients) socket.terminate();
  await expect.poll(() => urls.length, { ...soon, interval: 2 }).toBeGreaterThan(4);
  refusing = false;
  await expect.poll(() => opened, { ...soon, interval: 2 }).toBe(2);
  expect(collected.messages()).toEqual(['live channel open', 'live channel closed, connecting again', 'live channel open']);
  expect(collected.text()).not.toContain('0123456789');
});

test('tells why it was refused without showing the URL, in which the token is', async () => {
  refusing = true;
  channel.start();
  await expect.poll(() => collected.text(), { ...soon, interval: 2 }).toContain('403');
  expect(collected.messages()).toEqual(['live channel closed, connecting again']);
  expect(collected.text()).not.toContain('0123456789');
});
