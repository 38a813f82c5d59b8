/**
 * What replicas say to each other through LISTEN and NOTIFY: to everyone who shares the database, in one order. One
 * connection of its own does both, because it knows its own notifications by its process at the server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry, { type RetryContext } from 'p-retry';
import pg from 'pg';
import type { ReplicaChannel } from '../domain/live-relay.ts';
import { refusal } from './database-error.ts';

export interface PostgresqlChannelOptions {
  readonly url: string;
  /** The connection is lost, or there is none; it is tried again and again. */
  readonly onLost: (error: Error) => void;
}

/** All releases agree on it. */
const channel = 'kure_live';
/** PostgreSQL takes less than 8,000 bytes. */
const longestText = 7_999;
/** In place of what was too long, or too much. Every other text is JSON. */
const lost = '';
const mostWaiting = 10_000;
/** How long a note waits for others, which then go in the same statement. */
const gatherMs = 10;
/** Bounds one statement. */
const maxBatch = 500;
const pauses = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, maxTimeout: 5_000, randomize: true };
/** A connection that was cut without a word is silent for many minutes otherwise. */
const pulseMs = 20_000;
const answerMs = 10_000;

const send = `select pg_notify('${channel}', given.text) from unnest($1::text[]) as given(text)`;

interface Connection {
  readonly client: pg.Client;
  readonly gone: Promise<void>;
}

type Listener = Parameters<ReplicaChannel['start']>[0];

export class PostgresqlChannel implements ReplicaChannel {
  readonly #options: PostgresqlChannelOptions;
  readonly #stopping = new AbortController();
  /** It begins with the loss of what the process before us had to say, if it was killed. */
  #waiting: string[] = [lost];
  #client: pg.Client | undefined;
  #sending: Promise<void> | undefined;

  constructor(options: PostgresqlChannelOptions) {
    this.#options = options;
  }

  send(note: object): void {
    const text = ascii(JSON.stringify(note));
    if (this.#waiting.length >= mostWaiting) this.#waiting = [lost];
    else this.#waiting.push(text.length > longestText ? lost : text);
    this.#flush();
  }

  start(listener: Listener): void {
    void this.#run(listener);
  }

  async stop(): Promise<void> {
    await this.#sending;
    this.#stopping.abort();
    await this.#client?.end();
  }

  async #run(listener: Listener): Promise<void> {
    const { signal } = this.#stopping;
    const onFailedAttempt = ({ attemptNumber, error }: RetryContext) => {
      if (attemptNumber === 1 && !signal.aborted) this.#options.onLost(error);
    };
    while (!signal.aborted) {
      const connecting = pRetry(() => this.#connect(listener), { ...pauses, signal, onFailedAttempt });
      const connection = await connecting.catch(() => undefined);
      if (!connection) return;
      const { client, gone } = connection;
      this.#client = client;
      listener.onMissed();
      this.#flush();
      const pulse = setInterval(() => void client.query('select 1').catch(() => client.end()), pulseMs);
      await gone;
      clearInterval(pulse);
      this.#client = undefined;
    }
  }

  async #connect({ onNote, onMissed }: Listener): Promise<Connection> {
    const { url, onLost } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      application_name: 'kure-backend-live',
      connectionTimeoutMillis: answerMs,
      query_timeout: answerMs,
      keepAlive: true,
    });
    const gone = new Promise<void>((resolve) => void client.once('end', resolve));
    client.on('error', onLost);
    let ownProcess: number | undefined;
    client.on('notification', ({ processId, payload = lost }) => {
      if (processId === ownProcess) return;
      const note = parse(payload);
      if (note) onNote(note);
      else onMissed();
    });
    try {
      await client.connect();
      // A notification is kept by no restart, so that none needs to wait for a disk.
      await client.query('set synchronous_commit = off');
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      ownProcess = rows[0]?.pid;
      await client.query(`listen ${channel}`);
      this.#stopping.signal.throwIfAborted();
      return { client, gone };
    } catch (error) {
      void client.end();
      throw refusal(error);
    }
  }

  #flush(): void {
    if (this.#client && this.#waiting.length > 0) this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    do {
      await sleep(gatherMs);
      await this.#sendSome();
    } while (this.#client && this.#waiting.length > 0);
    this.#sending = undefined;
  }

  async #sendSome(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const batch = this.#waiting.splice(0, maxBatch);
    try {
      await client.query(send, [batch]);
    } catch (error) {
      this.#options.onLost(error as Error);
      // Nobody knows whether it was sent; hearing it twice does no harm.
      this.#waiting.unshift(...batch);
      this.#client = undefined;
      void client.end();
    }
  }
}

function parse(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** One byte a character, whatever the encoding of the database. */
function ascii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
