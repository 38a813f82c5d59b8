/** Whoever is connected to the WebSocket of a backend under test. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface LiveMessage {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export async function openLive(address: string, headers: Record<string, string>, query = '') {
  const socket = new WebSocket(`ws://${address}/ws${query}`, { headers });
  const messages: LiveMessage[] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as LiveMessage));
  const closed = once(socket, 'close').then(([code]: unknown[]) => code);
  await once(socket, 'open');
  return { messages, closed, types: () => messages.map(({ type }) => type) };
}

export const sessionCookie = (value: string | undefined) => ({ cookie: `kure_session=${value}` });
