import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Attestation } from '../../../shared/contract/attestation.ts';
import { soon } from '../../fixtures/soon.ts';
import { asService, listen, startBackend, tokenA, tokenB, type Backend } from './harness.ts';

afterEach(() => {
  vi.useRealTimers();
});

async function open(address: string, query: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://${address}/ws${query}`);
  await once(socket, 'open');
  return socket;
}

/** Status of a refused handshake. */
async function refused(address: string, query: string): Promise<unknown> {
  const socket = new WebSocket(`ws://${address}/ws${query}`);
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  return answer.statusCode;
}

async function attestation({ app }: Backend, token: string): Promise<Attestation> {
  return (await app.inject({ url: '/api/bootstrap/attestation', headers: asService(token) })).json();
}

describe('a WebSocket', () => {
  it('is opened with a valid token and refused with 403 otherwise', async () => {
    const backend = await startBackend();
    const address = await listen(backend);
    await open(address, `?token=${tokenA}`);
    expect(await refused(address, '')).toBe(403);
    expect(await refused(address, `?token=${tokenB}`)).toBe(403);
    expect(await refused(address, '?token=p%C3%A4ss%FF')).toBe(403);
    expect((await attestation(backend, tokenA)).refused).toMatchObject([{ reason: 'missing' }, { reason: 'unknown', count: 2 }]);
  });

  it('is closed when its generation is retired; the others stay open', async () => {
    const backend = await startBackend();
    const address = await listen(backend);
    backend.tokens.replace([{ value: tokenA, generation: 'gen-a' }, { value: tokenB, generation: 'gen-b' }], []);
    const [old, fresh] = await Promise.all([open(address, `?token=${tokenA}`), open(address, `?token=${tokenB}`)]);
    const retiredAt = '2026-11-01T10:00:00.000Z';
    backend.tokens.replace([{ value: tokenB, generation: 'gen-b' }], [{ value: tokenA, generation: 'gen-a', retiredAt }]);
    const [code] = (await once(old, 'close')) as [number];
    expect(code).toBe(1008);
    expect(fresh.readyState).toBe(WebSocket.OPEN);
  });

  it('is a use of its generation, as of now, until it closes', async () => {
    const backend = await startBackend();
    const socket = await open(await listen(backend), `?token=${tokenA}`);
    const [opened] = (await attestation(backend, tokenA)).uses;
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [later] = (await attestation(backend, tokenA)).uses;
    expect(opened).toMatchObject({ generation: 'gen-a', count: 1, sources: [{ address: '127.0.0.1', count: 1 }] });
    expect(later!.count).toBe(1);
    expect(later!.lastUsedAt > opened!.lastUsedAt).toBe(true);
    socket.close();
    await once(socket, 'close');
    await vi.waitFor(async () => {
      const before = (await attestation(backend, tokenA)).uses;
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await attestation(backend, tokenA)).uses).toEqual(before);
    }, soon);
  });

  it('gets a ping every 30 seconds, and is cut off when it answers none', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const backend = await startBackend();
    const address = await listen(backend);
    const [alive, deaf] = await Promise.all([
      open(address, `?token=${tokenA}`),
      new Promise<WebSocket>((resolve) => {
        const socket = new WebSocket(`ws://${address}/ws?token=${tokenA}`, { autoPong: false });
        socket.once('open', () => resolve(socket));
      }),
    ]);
    const pings = [once(alive, 'ping'), once(deaf, 'ping')];
    vi.advanceTimersByTime(30_000);
    await Promise.all(pings);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const cut = once(deaf, 'close');
    vi.advanceTimersByTime(30_000);
    expect((await cut)[0]).toBe(1006);
    expect(alive.readyState).toBe(WebSocket.OPEN);
  });

  it('answers pings, and is closed when it sends more than a little', async () => {
    const backend = await startBackend();
    const socket = await open(await listen(backend), `?token=${tokenA}`);
    socket.ping('are you there');
    expect(String((await once(socket, 'pong'))[0])).toBe('are you there');
    socket.send('x'.repeat(5_000));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });

  it('is shown in the metrics', async () => {
    const backend = await startBackend();
    const socket = await open(await listen(backend), `?token=${tokenA}`);
    const shown = async () => (await backend.app.inject('/metrics')).body;
    expect(await shown()).toContain('kure_websocket_connections_active 1');
    socket.terminate();
    await vi.waitFor(async () => expect(await shown()).toContain('kure_websocket_connections_active 0'), soon);
  });
});
