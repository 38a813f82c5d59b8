/** The open WebSockets of agents and scanners: kept alive, counted as uses, closed when their token is retired. */
import type { WebSocket } from 'ws';
import type { ServiceTokens } from '../domain/service-tokens.ts';
import type { UseLedger } from '../domain/use-ledger.ts';
import type { Metrics } from '../metrics.ts';

export interface LiveSocketsDeps {
  readonly tokens: ServiceTokens;
  readonly ledger: UseLedger;
  readonly metrics: Metrics;
}

/** Close codes of RFC 6455. */
const goingAway = 1001;
const policyViolation = 1008;
const pingMs = 30_000;
/** How long a peer may take to answer a close before it is cut off. */
const farewellMs = 2_000;

interface Guest {
  readonly tokenId: string;
  answeredLastPing: boolean;
}

export class LiveSockets {
  readonly #deps: LiveSocketsDeps;
  readonly #guests = new Map<WebSocket, Guest>();
  readonly #pinging = setInterval(() => this.#ping(), pingMs).unref();
  #closing = false;

  constructor(deps: LiveSocketsDeps) {
    this.#deps = deps;
    deps.tokens.onReplaced(() => this.#closeRefused());
  }

  /** `token` is judged again: it may have been retired during the handshake. */
  welcome(socket: WebSocket, token: string | undefined, address: string): void {
    const { tokens, ledger, metrics } = this.#deps;
    const verdict = tokens.judge(token);
    if (!verdict.accepted) return socket.close(policyViolation, 'the service token is not accepted any more');
    const guest: Guest = { tokenId: verdict.id, answeredLastPing: true };
    const ended = ledger.opened(verdict.id, address);
    this.#guests.set(socket, guest);
    metrics.webSockets.inc();
    socket.on('pong', () => (guest.answeredLastPing = true));
    socket.on('close', () => {
      this.#guests.delete(socket);
      metrics.webSockets.dec();
      ended();
    });
    if (this.#closing) socket.close(goingAway, 'the backend is shutting down');
  }

  /** Says goodbye to all; resolves when they are gone. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#pinging);
    await Promise.all(
      [...this.#guests.keys()].map((socket) => {
        const gone = new Promise((resolve) => void socket.once('close', resolve));
        socket.close(goingAway, 'the backend is shutting down');
        const impatience = setTimeout(() => socket.terminate(), farewellMs);
        return gone.finally(() => clearTimeout(impatience));
      }),
    );
  }

  #ping(): void {
    for (const [socket, guest] of this.#guests) {
      if (!guest.answeredLastPing) socket.terminate();
      guest.answeredLastPing = false;
      socket.ping();
    }
  }

  #closeRefused(): void {
    for (const [socket, { tokenId }] of this.#guests) {
      if (!this.#deps.tokens.accepts(tokenId)) socket.close(policyViolation, 'the service token was retired');
    }
  }
}
