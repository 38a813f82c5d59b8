// A connection from the host to an address inside the namespace, by the gateway.
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { gatewaySocket } from './places.ts';

/** Patient, for whoever connects sees a connection that is slow and no other one that is cut. */
export function reach(address: string, timeoutMs = 30_000): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const asking = request({
    socketPath: gatewaySocket,
    method: 'CONNECT',
    path: address,
    timeout: timeoutMs,
    agent: false,
  });
  asking.on('connect', (response, socket) => {
    if (response.statusCode === 200) resolve(socket.setTimeout(0));
    else reject(new Error(`nothing listens at ${address}`));
  });
  asking.on('timeout', () => asking.destroy(new Error(`no answer from ${address} in ${timeoutMs} ms`)));
  asking.on('error', reject);
  asking.end();
  return promise;
}

/** Whether a health endpoint answers 200. Its certificate is its own, so it is not checked. */
export async function isHealthy(url: string, timeoutMs = 2_000): Promise<boolean> {
  const { protocol, host, hostname, pathname } = new URL(url);
  const socket = await reach(host, timeoutMs).catch(() => undefined);
  if (!socket) return false;
  const stream = protocol === 'https:' ? tlsConnect({ socket, rejectUnauthorized: false, servername: '' }) : socket;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const asking = request(
    { path: pathname, host: hostname, createConnection: () => stream, timeout: timeoutMs },
    (response) => {
      resolve(response.statusCode === 200);
      stream.destroy();
    },
  );
  asking.on('timeout', () => stream.destroy());
  asking.on('error', () => resolve(false));
  stream.on('close', () => resolve(false));
  asking.end();
  return promise;
}
