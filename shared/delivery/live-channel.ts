/** Listens to the backend's WebSocket for good: connects again after a growing pause, and drops a link that went silent. */
import { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { Backoff, presenterPauses, type PauseRange } from './backoff.ts';

export interface LiveChannelOptions {
  readonly baseUrl: string;
  readonly token: string;
  /** Called at every connect: whatever was broadcast before is lost. */
  readonly onOpen: () => void;
  readonly onMessage: (type: string, data: Readonly<Record<string, unknown>>) => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pauses?: PauseRange;
  readonly random?: () => number;
}

const handshakeTimeoutMs = 10_000;
const pingEveryMs = 20_000;
/** A link that lived this long was a good one. */
const goodLifeMs = 30_000;
const maxMessageBytes = 4 * 1024 * 1024;

export class LiveChannel {
  readonly #options: LiveChannelOptions;
  readonly #stopping = new AbortController();
  #socket: WebSocket | undefined;
  #running: Promise<void> | undefined;

  constructor(options: LiveChannelOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#socket?.terminate();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log, random } = this.#options;
    const { signal } = this.#stopping;
    const backoff = new Backoff(this.#options.pauses ?? presenterPauses, random);
    let lossIsKnown = false;
    while (!signal.aborted) {
      const { openMs, cause } = await this.#follow();
      if (signal.aborted) return;
      if (openMs > 0) lossIsKnown = false;
      if (openMs > goodLifeMs) backoff.reset();
      if (!lossIsKnown) log.warn({ cause }, 'live channel closed, connecting again');
      lossIsKnown = true;
      await clock.sleep(backoff.nextMs(), signal).catch(() => {});
    }
  }

  /** Opens one link and follows it to its end; says how long it was open, and why it ended. */
  #follow(): Promise<{ openMs: number; cause: string }> {
    const { baseUrl, token, clock, log, onOpen } = this.#options;
    const url = `${baseUrl.replace(/^http/, 'ws')}/ws?token=${encodeURIComponent(token)}`;
    const socket = new WebSocket(url, {
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    return new Promise((resolve) => {
      let openedAt: number | undefined;
      let heard = true;
      let cause = '';
      const hear = () => {
        heard = true;
      };
      const pulse = setInterval(() => {
        if (!heard) {
          cause = 'silence';
          socket.terminate();
        } else if (socket.readyState === WebSocket.OPEN) {
          heard = false;
          socket.ping();
        }
      }, pingEveryMs);
      socket.on('open', () => {
        openedAt = clock.now();
        log.info('live channel open');
        onOpen();
      });
      socket.on('ping', hear);
      socket.on('pong', hear);
      socket.on('message', (data) => {
        hear();
        this.#read(data as Buffer);
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        cause = error.code ?? error.message;
      });
      socket.on('close', (code) => {
        clearInterval(pulse);
        resolve({ openMs: openedAt === undefined ? 0 : Math.max(1, clock.now() - openedAt), cause: cause || `close ${code}` });
      });
    });
  }

  #read(data: Buffer): void {
    let message: { type?: unknown; data?: unknown } | null;
    try {
      message = JSON.parse(data.toString('utf8')) as typeof message;
    } catch {
      return this.#options.log.warn('live channel sent something that is not JSON');
    }
    if (typeof message?.type !== 'string') return;
    const isObject = typeof message.data === 'object' && message.data !== null;
    this.#options.onMessage(message.type, isObject ? (message.data as Record<string, unknown>) : {});
  }
}
