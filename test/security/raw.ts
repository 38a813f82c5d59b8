/** Bytes on a connection as no well-behaved client sends them. */
import { connect } from 'node:net';
import { watchFor } from '../unit/backend/seen-secrets.ts';

/** Resolves with everything that came back until the peer closed, or until nothing came for `patienceMs`. */
export function exchange(port: number, bytes: string | Buffer, patienceMs = 2_000): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    watchFor(received);
    resolve(received);
  });
  watchFor(typeof bytes === 'string' ? bytes : bytes.toString('latin1'));
  socket.write(bytes);
  return promise;
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
