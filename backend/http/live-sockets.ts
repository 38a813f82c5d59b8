/**
 * The open WebSockets: of agents and scanners, which count as uses of their token and are told control messages only, and
 * of people, who are told everything, and that the connection is alive. Each is closed when what let it in ends.
 */
import type { WebSocket } from 'ws';
import type { LiveType } from '../../shared/contract/live.ts';
import type { LiveFeed, LiveMessage } from '../domain/live-feed.ts';
import type { ServiceTokens } from '../domain/service-tokens.ts';
import type { Sessions } from '../domain/sessions.ts';
import type { UseLedger } from '../domain/use-ledger.ts';
import type { Metrics } from '../metrics.ts';

export interface LiveSocketsDeps {
  readonly tokens: ServiceTokens;
  readonly ledger: UseLedger;
  readonly sessions: Sessions;
  readonly feed: LiveFeed;
  readonly metrics: Metrics;
}

/** Close codes of RFC 6455. */
const goingAway = 1001;
const policyViolation = 1008;
const serviceRestart = 1012;
const pingMs = 30_000;
/** A page does not hear of pings: without a message it cannot tell silence from a lost connection. */
const heartbeat = JSON.stringify({ type: 'heartbeat' satisfies LiveType, data: {} });
/** How long a session may go on listening if this replica was not told of its end. */
const lookMs = 5_000;
/** How long a peer may take to answer a close before it is cut off. */
const farewellMs = 2_000;
/** Who reads this slowly reads everything again after reconnecting. */
const maxUnsentBytes = 4 * 1024 * 1024;

/** What let somebody in: the id of a service token, or a session's cookie. */
export type Pass = { readonly tokenId: string } | { readonly cookie: string };

interface Guest {
  readonly pass: Pass;
  answeredLastPing: boolean;
}

export class LiveSockets {
  readonly #deps: LiveSocketsDeps;
  readonly #guests = new Map<WebSocket, Guest>();
  readonly #timers = [
    setInterval(() => this.#ping(), pingMs).unref(),
    setInterval(() => void this.#closeEnded(), lookMs).unref(),
  ];
  #closing = false;

  constructor(deps: LiveSocketsDeps) {
    this.#deps = deps;
    deps.tokens.onReplaced(() => this.#closeRefused());
    deps.sessions.onEnded(() => void this.#closeEnded());
    deps.feed.onTold((message) => this.#tell(message));
    deps.feed.onMissed(() => void this.#sayGoodbye(serviceRestart, 'messages may have been missed: connect again'));
  }

  /** `pass` is judged again: it may have ended during the handshake. */
  welcome(socket: WebSocket, pass: Pass, address: string): void {
    const { tokens, ledger, feed, metrics } = this.#deps;
    if ('tokenId' in pass && !tokens.accepts(pass.tokenId)) {
      return socket.close(policyViolation, 'the service token is not accepted any more');
    }
    const guest: Guest = { pass, answeredLastPing: true };
    const ended = 'tokenId' in pass ? ledger.opened(pass.tokenId, address) : feed.watched();
    this.#guests.set(socket, guest);
    metrics.webSockets.inc();
    socket.on('pong', () => (guest.answeredLastPing = true));
    socket.on('close', () => {
      this.#guests.delete(socket);
      metrics.webSockets.dec();
      ended();
    });
    if (this.#closing) socket.close(goingAway, 'the backend is shutting down');
    void this.#closeEnded();
  }

  /** Says goodbye to all; resolves when they are gone. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#sayGoodbye(goingAway, 'the backend is shutting down');
  }

  /** Closes all; resolves when they are gone. Clients connect again by themselves, and then read everything. */
  async #sayGoodbye(code: number, reason: string): Promise<void> {
    await Promise.all(
      [...this.#guests.keys()].map((socket) => {
        const gone = new Promise((resolve) => void socket.once('close', resolve));
        socket.close(code, reason);
        const impatience = setTimeout(() => socket.terminate(), farewellMs);
        return gone.finally(() => clearTimeout(impatience));
      }),
    );
  }

  #tell(message: LiveMessage): void {
    for (const [socket, { pass }] of this.#guests) {
      if ('tokenId' in pass && !message.isControl) continue;
      if (socket.bufferedAmount > maxUnsentBytes) socket.terminate();
      else socket.send(message.text());
    }
  }

  #ping(): void {
    for (const [socket, guest] of this.#guests) {
      if (!guest.answeredLastPing) socket.terminate();
      guest.answeredLastPing = false;
      socket.ping();
      if ('cookie' in guest.pass) socket.send(heartbeat);
    }
  }

  #closeRefused(): void {
    for (const [socket, { pass }] of this.#guests) {
      if ('tokenId' in pass && !this.#deps.tokens.accepts(pass.tokenId)) {
        socket.close(policyViolation, 'the service token was retired');
      }
    }
  }

  async #closeEnded(): Promise<void> {
    const { sessions } = this.#deps;
    const people = [...this.#guests].flatMap(([socket, { pass }]) =>
      'cookie' in pass ? [{ socket, key: sessions.keyOf(pass.cookie) ?? '' }] : [],
    );
    if (people.length === 0) return;
    // While the database cannot be read nobody is thrown out; the next look comes soon.
    const keys = people.map(({ key }) => key);
    const alive = new Set(await sessions.alive(keys).catch(() => keys));
    for (const { socket, key } of people) {
      if (key === '' || !alive.has(key)) socket.close(policyViolation, 'the session has ended');
    }
  }
}
