/**
 * `/ws?token=`: the handshake. It is answered here and not by a route, because a refused one must be refused with a
 * bare HTTP status (upstream's clients expect 403) and leave no connection behind, whatever path or URL it asked for.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { LiveSockets, type LiveSocketsDeps } from './live-sockets.ts';
import { addressOf, pathOf, type Scope } from './scope.ts';
import { admitOnWebSocket, tokenFromUrl, type ServiceTokenDeps } from './service-token.ts';

/** Clients have nothing to say on the WebSocket. */
const maxMessageBytes = 4 * 1024;

export function webSocketRoute(app: Scope, deps: ServiceTokenDeps & LiveSocketsDeps): void {
  const sockets = new LiveSockets(deps);
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });

  async function answer(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const { url = '/' } = request;
    if (pathOf(url) !== '/ws') return refuse(socket, 404);
    const status = await admitOnWebSocket(deps, url, addressOf(socket));
    if (status !== 101) return refuse(socket, status);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      sockets.welcome(webSocket, tokenFromUrl(url), addressOf(socket));
    });
  }

  app.server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    void answer(request, socket, head);
  });
  app.addHook('preClose', () => sockets.close());
}

function refuse(socket: Socket, status: number): void {
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}
