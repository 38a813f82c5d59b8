/** The small HTTP server beside a program: `/livez`, `/readyz`, `/metrics`. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Registry } from '@prometheus-io/client';

export interface HealthOptions {
  readonly port: number;
  /** Why the kubelet should restart us, in one sentence; undefined if it should not. */
  readonly whyNotLive?: () => string | undefined;
  /** What is still missing, in one sentence; undefined if nothing is. */
  readonly whyNotReady: () => string | undefined;
  readonly metrics: Registry;
}

/** Resolves when it listens; rejects if the port is taken. */
export async function startHealth({ port, whyNotLive, whyNotReady, metrics }: HealthOptions): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (trouble: string | undefined) =>
      response.writeHead(trouble === undefined ? 200 : 503).end(`${trouble ?? 'ok'}\n`);
    if (request.url === '/livez') {
      answer(whyNotLive?.());
    } else if (request.url === '/readyz') {
      answer(whyNotReady());
    } else if (request.url === '/metrics') {
      response.setHeader('content-type', metrics.contentType);
      void metrics.metrics().then((text) => response.end(text));
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(port);
  await once(server, 'listening');
  return server;
}
