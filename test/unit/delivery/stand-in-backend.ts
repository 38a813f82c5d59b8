/** A real HTTP server on loopback in the place of the backend: it answers what a test tells it to, and keeps what it got. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly afterMs?: number;
  /** It is sent after this, as it was made before. */
  readonly after?: Promise<unknown> | undefined;
}

export type Script = (request: Received, sequence: number) => Answer;

export class StandInBackend {
  readonly received: Received[] = [];
  /** How the next requests are answered. */
  script: Script;
  readonly #server: Server;

  private constructor(script: Script) {
    this.script = script;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const { method = '', url: path = '', headers } = request;
        const received = { method, path, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
        this.received.push(received);
        const { status, headers: answerHeaders, body = {}, afterMs = 0, after } = this.script(received, this.received.length);
        const send = () => {
          response.writeHead(status, { 'content-type': 'application/json', ...answerHeaders });
          response.end(JSON.stringify(body));
        };
        setTimeout(() => void Promise.resolve(after).then(send), afterMs);
      });
    });
  }

  static async start(script: Script = () => ({ status: 200 })): Promise<StandInBackend> {
    const backend = new StandInBackend(script);
    backend.#server.listen(0, '127.0.0.1');
    await once(backend.#server, 'listening');
    return backend;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The bodies received on one path, in order. */
  bodies(path: string): unknown[] {
    return this.received.filter((request) => request.path === path).map(({ body }) => body);
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
