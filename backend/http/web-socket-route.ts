/**
 * `/ws`: the handshake, by the session's cookie or by `?token=`. It is answered here and not by a route, because a
 * refused one must be refused with a bare HTTP status (upstream's clients expect 403) and leave no connection behind,
 * whatever path or URL it asked for.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { isCrossSite } from './cross-site.ts';
import { LiveSockets, type LiveSocketsDeps, type Pass } from './live-sockets.ts';
import { originForm } from './origin-form.ts';
import { addressOf, pathOf, type Scope } from './scope.ts';
import { admitOnWebSocket, type ServiceTokenDeps } from './service-token.ts';
import { cookieOf } from './session-cookie.ts';

/** Clients have nothing to say on the WebSocket. */
const maxMessageBytes = 4 * 1024;

type Deps = ServiceTokenDeps & LiveSocketsDeps;

/** All other offers, such as HTTP/2 without TLS by clients in Java, are not taken, and the request is answered as it is. */
export const wantsWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

export function webSocketRoute(app: Scope, deps: Deps): void {
  const sockets = new LiveSockets(deps);
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });

  async function answer(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    request.url = originForm(request);
    if (pathOf(request.url) !== '/ws') return refuse(socket, 404);
    const pass = await admit(deps, request, socket).catch(() => 503 as const);
    if (typeof pass === 'number') return refuse(socket, pass);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      sockets.welcome(webSocket, pass, addressOf(socket));
    });
  }

  app.server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy());
    void answer(request, socket, head);
  });
  app.addHook('preClose', () => sockets.close());
}

/** Returns what lets the client in, or the HTTP status that refuses it. A cookie without a session leaves the token. */
async function admit(deps: Deps, request: IncomingMessage, socket: Socket): Promise<Pass | 403 | 503> {
  if (!deps.readiness.started) return 503;
  const cookie = cookieOf(request);
  if (cookie !== undefined && (await deps.sessions.find(cookie))) {
    return hostsOf(request).every((host) => isCrossSite(request.headers, host)) ? 403 : { cookie };
  }
  return admitOnWebSocket(deps, request.url ?? '/', addressOf(socket));
}

/** That of the request, and what a proxy says it was: no browser can be made to say so, so that no proxy has to be trusted for it. */
function hostsOf({ headers }: IncomingMessage): (string | undefined)[] {
  const forwarded = [headers['x-forwarded-host'] ?? []].flat().at(-1)?.split(',').at(-1)?.trim();
  return [headers.host, ...(forwarded ? [forwarded] : [])];
}

function refuse(socket: Socket, status: number): void {
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}
