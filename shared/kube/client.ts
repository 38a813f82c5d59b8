/** A thin client: JSON in, JSON out, one keep-alive agent, a deadline on every call, every failure a KubeError. */
import { request as plainRequest, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { Slots } from '../slots.ts';
import type { Connection } from './connect.ts';
import { errorFromAnswer, KubeError } from './kube-error.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type PatchType = 'merge' | 'json' | 'apply';

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

const callDeadlineMs = 30_000;

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  readonly deadlineMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ClientLimits {
  /** How many calls may be under way; a stream of lines is not one. */
  readonly concurrency?: number;
  /** Gives up every call that has no signal of its own. */
  readonly signal?: AbortSignal;
  /** For how many milliseconds from now writing is allowed; at 0 no write is sent. Asked just before each. */
  readonly writableForMs?: () => number;
}

export class KubeClient {
  readonly #connection: Connection;
  readonly #query: Query;
  readonly #slots: Slots;
  readonly #signal: AbortSignal | undefined;
  readonly #writableForMs: () => number;

  /** `fieldManager` is the name under which writes are recorded in `metadata.managedFields`. */
  constructor(connection: Connection, fieldManager: string, limits: ClientLimits = {}) {
    this.#connection = connection;
    this.#query = { fieldManager };
    this.#slots = new Slots(limits.concurrency ?? Infinity);
    this.#signal = limits.signal;
    this.#writableForMs = limits.writableForMs ?? (() => Infinity);
  }

  get namespace(): string {
    return this.#connection.namespace;
  }

  get<T>(path: string, query?: Query, deadlineMs?: number, signal?: AbortSignal): Promise<T> {
    return this.#json({ method: 'GET', path, query, deadlineMs, signal });
  }

  create<T>(path: string, body: unknown, deadlineMs?: number): Promise<T> {
    return this.#json({ method: 'POST', path, body, query: this.#query, deadlineMs });
  }

  /** Replaces the object; with `metadata.resourceVersion` in the body it is a compare-and-swap. */
  replace<T>(path: string, body: unknown, deadlineMs?: number): Promise<T> {
    return this.#json({ method: 'PUT', path, body, query: this.#query, deadlineMs });
  }

  patch<T>(path: string, type: PatchType, body: unknown, query?: Query): Promise<T> {
    const contentType = patchContentTypes[type];
    return this.#json({ method: 'PATCH', path, body, contentType, query: { ...this.#query, ...query } });
  }

  delete<T>(path: string, body?: unknown): Promise<T> {
    return this.#json({ method: 'DELETE', path, body });
  }

  /** Opens a GET and yields its lines as they come; the deadline ends the whole stream with a KubeError. */
  async *lines(path: string, query: Query, deadlineMs: number, signal: AbortSignal): AsyncGenerator<string> {
    const call: Call = { method: 'GET', path, query, deadlineMs, signal };
    const answer = await this.#send(call);
    if (answer.statusCode !== 200) throw await failedAnswer(call, answer);
    answer.setEncoding('utf8');
    let rest = '';
    try {
      for await (const chunk of answer as AsyncIterable<string>) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        yield* lines;
      }
    } catch (error) {
      throw networkError(call, error as NodeJS.ErrnoException);
    }
    if (rest !== '') yield rest;
  }

  #json<T>(call: Call): Promise<T> {
    return this.#slots.run(() => this.#exchange<T>(call));
  }

  async #exchange<T>(call: Call): Promise<T> {
    const answer = await this.#send(call);
    const status = answer.statusCode ?? 0;
    if (status < 200 || status > 299) throw await failedAnswer(call, answer);
    const body = await readBody(call, answer);
    try {
      return JSON.parse(body) as T;
    } catch {
      throw new KubeError(`${describe(call)}: the answer is not JSON`, 0, 'BrokenAnswer');
    }
  }

  async #send(call: Call): Promise<IncomingMessage> {
    const { baseUrl, agent } = this.#connection;
    const credentials = await this.#connection.authorize();
    const url = urlOf(baseUrl, call);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const deadlineMs = Math.min(call.deadlineMs ?? callDeadlineMs, this.#allowedMs(call));
    const open = url.protocol === 'https:' ? tlsRequest : plainRequest;
    const request = open(url, { agent, method: call.method, headers: { ...credentials, ...headersOf(call, body) } });
    const answer = answerTo(request, { ...call, signal: call.signal ?? this.#signal }, deadlineMs);
    request.end(body);
    return answer;
  }

  /** Milliseconds that the call may take at most; throws for a write that is not allowed any more. */
  #allowedMs(call: Call): number {
    if (call.method === 'GET') return Infinity;
    const allowedMs = this.#writableForMs();
    if (allowedMs > 0) return allowedMs;
    throw new KubeError(`${describe(call)}: not sent, because this process may not write any more`, 0, 'NotWritable');
  }
}

function urlOf(baseUrl: URL, { path, query = {} }: Call): URL {
  const url = new URL(baseUrl.pathname.replace(/\/$/, '') + path, baseUrl);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

const headersOf = ({ contentType = 'application/json' }: Call, body: string | undefined): OutgoingHttpHeaders => ({
  accept: 'application/json',
  'user-agent': 'kure-bootstrap',
  ...(body !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
});

/** Resolves with the head of the answer; the deadline and the call's signal end the exchange as a whole, its body too. */
function answerTo(request: ClientRequest, call: Call, deadlineMs: number): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // One that waits for a proxy to let it through hears nothing of its own end.
  const end = (error: NodeJS.ErrnoException) => {
    request.destroy(error);
    reject(networkError(call, error));
  };
  const abort = () => end(Object.assign(new Error('the call was given up'), { code: 'GivenUp' }));
  const deadline = setTimeout(() => end(Object.assign(new Error('the deadline passed'), { code: 'ETIMEDOUT' })), deadlineMs);
  call.signal?.addEventListener('abort', abort, { once: true });
  request.once('close', () => {
    clearTimeout(deadline);
    call.signal?.removeEventListener('abort', abort);
  });
  request.once('response', resolve);
  request.on('error', (error: NodeJS.ErrnoException) => reject(networkError(call, error)));
  if (call.signal?.aborted) abort();
  return promise;
}

async function readBody(call: Call, answer: IncomingMessage): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    throw networkError(call, error as NodeJS.ErrnoException);
  }
}

async function failedAnswer(call: Call, answer: IncomingMessage): Promise<KubeError> {
  const body = await readBody(call, answer);
  return errorFromAnswer(describe(call), answer.statusCode ?? 0, body, answer.headers['retry-after']);
}

function networkError(call: Call, error: { code?: string | undefined; message: string }): KubeError {
  return new KubeError(`${describe(call)}: ${error.message}`, 0, error.code ?? 'NetworkError');
}

/** Method and path; never the query, a header or the body. */
function describe(call: Call): string {
  return `${call.method} ${call.path}`;
}
