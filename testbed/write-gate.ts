// Stands between one client and the API server: counts what it writes, lets exactly as much through as it is told, or
// lets nothing through at all. Plain HTTP towards the client; upstream with the given connection's credentials.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Connection } from '../shared/kube/connect.ts';
import { forward } from './forward.ts';

/** One request that changes something: `PATCH /api/v1/…`. */
export interface Write {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

export class WriteGate {
  /** Those that were let through. */
  readonly writes: Write[] = [];
  readonly #upstream: Connection;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #left = Infinity;
  #onShut: (write: Write) => void = () => {};
  #isCutOff = false;

  private constructor(upstream: Connection) {
    this.#upstream = upstream;
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** At a loopback port of its own, or at the unix socket of this path. */
  static async start(upstream: Connection, socketPath?: string): Promise<WriteGate> {
    const gate = new WriteGate(upstream);
    gate.#server.listen(socketPath === undefined ? { port: 0, host: '127.0.0.1' } : { path: socketPath });
    await once(gate.#server, 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /**
   * Lets `count` more writes through; the next one is withheld and told, and so is every one after it, until `open`. The
   * renewals of a Lease come by the clock and are not counted.
   */
  shutAfter(count: number, onShut: (write: Write) => void): void {
    this.#left = count;
    this.#onShut = onShut;
  }

  open(): void {
    this.#left = Infinity;
  }

  /** A network partition: connections stay open, and nothing passes in either direction. */
  cutOff(): void {
    this.#isCutOff = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** Ends the partition as networks do: what was open is broken. */
  restore(): void {
    this.#isCutOff = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => {}); // the client has gone; its own end says why
    if (this.#isCutOff || !this.#mayPass(request)) return;
    void this.#forward(request, response).catch(() => response.destroy());
  }

  #mayPass({ method = '', url = '' }: IncomingMessage): boolean {
    const path = url.replace(/\?.*/, '');
    // A review is a question that happens to be posted.
    if (method === 'GET' || path.startsWith('/apis/authorization.k8s.io/')) return true;
    const write = { method, path };
    if (method === 'PUT' && path.includes('/leases/') && this.#left > 0) return true;
    if (this.#left === 0) {
      this.#onShut(write);
      return false;
    }
    this.#left -= 1;
    this.writes.push(write);
    return true;
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const forwarded = await forward(this.#upstream, request, response, {
      answered: (answer) => {
        answer.on('data', (chunk: Buffer) => this.#isCutOff || response.write(chunk));
        answer.once('end', () => this.#isCutOff || response.end());
      },
      broken: () => void (this.#isCutOff || response.destroy()),
    });
    // A write that was let through is done, whoever is killed: one that is given up may be done, too, and be logged as failed.
    if (request.method === 'GET') response.once('close', () => forwarded.destroy());
  }
}
