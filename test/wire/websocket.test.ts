/** Section 2.7 of the wire specification: the WebSocket. */
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { soon } from '../fixtures/soon.ts';
import { findingReport, listen, tokenA, tokenC } from '../unit/backend/harness.ts';
import { compareValues, ours, startWire, type Told, type Wire } from './wire.ts';

type Headers = Readonly<Record<string, string>>;

const cookie = (value = ''): Headers => ({ cookie: `kure_session=${value}` });
const token = `/ws?token=${tokenA}`;

async function start(wire: Wire) {
  const address = await listen(wire.backend);
  const connect = (path: string, headers: Headers = {}) => new WebSocket(`ws://${address}${path}`, { headers });
  return {
    address,
    /** 101, or the status of the refusal. */
    status: async (path: string, headers?: Headers): Promise<{ status: unknown }> => {
      const socket = connect(path, headers);
      const status = await Promise.race([
        once(socket, 'open').then(() => 101),
        once(socket, 'unexpected-response').then(([, answer]: unknown[]) => (answer as { statusCode: number }).statusCode),
      ]);
      socket.on('error', () => undefined).terminate();
      return { status };
    },
    open: async (path: string, headers?: Headers) => {
      const socket = connect(path, headers);
      const told: Told[] = [];
      socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as Told));
      await once(socket, 'open');
      return { socket, told };
    },
  };
}

it('opens by cookie or by token, and is refused with 403', async () => {
  const wire = await startWire();
  const { address, status } = await start(wire);
  const session = cookie(wire.read.cookie);
  compareValues(await status('/ws', session), { status: 101 });
  compareValues(await status(token), { status: 101 });
  compareValues(await status(token, cookie('forged.cookie')), { status: 101 });
  compareValues(await status('/ws'), { status: 403 });
  compareValues(await status(`/ws?token=${tokenC}`), { status: 403 });
  compareValues(await status('/ws', { 'x-service-token': tokenA }), { status: 403 });
  compareValues(await status('/ws?token=t%C3%B6k%C3%A9n'), { status: 500 }, ours('non-ascii-token', { status: 403 }));
  compareValues(await status(token.replace('/ws', '/ws/')), { status: 403 }, ours('socket-path', { status: 404 }));
  compareValues(await status('/ws', { ...session, origin: `http://${address}` }), { status: 101 });
  compareValues(await status('/ws', { ...session, origin: 'http://evil.example' }), { status: 101 }, ours('socket-site', { status: 403 }));
});

it('tells people everything and programs what they act on', async () => {
  const wire = await startWire();
  const { open } = await start(wire);
  const [person, program] = [await open('/ws', cookie(wire.read.cookie)), await open(token)];
  await wire.service.call('POST', '/api/security/findings', findingReport());
  await wire.write.call('POST', '/api/security/rescan');
  const both = [{ type: 'security_finding' }, { type: 'security_rescan_request', data: {} }];
  await vi.waitFor(() => expect(person.told).toMatchObject(both), soon);
  await vi.waitFor(() => expect(program.told).not.toEqual([]), soon);
  compareValues(program.told, both, ours('socket-messages', both.slice(1)));
});

it('listens to no speeches', async () => {
  const { open } = await start(await startWire());
  const { socket } = await open(token);
  socket.send('x'.repeat(1_000));
  socket.send('x'.repeat(5_000));
  const [code] = (await once(socket, 'close')) as [number];
  compareValues({ code }, { code: null }, ours('socket-input', { code: 1_009 }));
});

it('is closed when the session ends', async () => {
  const wire = await startWire();
  const { open } = await start(wire);
  const { socket } = await open('/ws', cookie(wire.read.cookie));
  await wire.read.call('POST', '/api/auth/logout');
  await vi.waitFor(() => expect(socket.readyState).toBe(WebSocket.CLOSED), soon);
  compareValues({ isOpen: socket.readyState === WebSocket.OPEN }, { isOpen: true }, ours('socket-end', { isOpen: false }));
});
