/**
 * Requests to addresses that people configure. Each connection is judged by the address that it really goes to, after
 * name resolution, so that a name that resolves otherwise the second time gains nothing; no redirect is followed.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type * as undici from 'undici';
import type { Agent, RequestInit, Response } from 'undici';
import { bare, type AllowedAddresses } from './allowed-addresses.ts';

/** Says what went wrong by the host alone: the path may be a secret. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  /** Whether the same request may succeed later. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean) {
    super(message);
    this.isPassing = isPassing;
  }
}

export interface OutboundOptions {
  readonly allowed: AllowedAddresses;
  readonly timeoutMs?: number;
  /** The system's resolver, or another one. */
  readonly resolver?: typeof resolve;
}

interface Loaded {
  readonly client: typeof undici.default;
  readonly dispatcher: Agent;
}

const refusedCode = 'ERR_ADDRESS_REFUSED';
const mostBytes = 1024 * 1024;

export class Outbound {
  readonly #allowed: AllowedAddresses;
  readonly #timeoutMs: number;
  readonly #lookup: LookupFunction;
  #loaded: Promise<Loaded> | undefined;

  constructor({ allowed, timeoutMs = 10_000, resolver = resolve }: OutboundOptions) {
    this.#allowed = allowed;
    this.#timeoutMs = timeoutMs;
    this.#lookup = judging(allowed, resolver);
  }

  /** Whether plain http to this host is a choice that the operator of the backend has made. */
  opensHost(host: string): boolean {
    return this.#allowed.opensHost(host);
  }

  /** Posts JSON; resolves with any 2xx, and reads no answer. `signal` gives up. Throws OutboundError. */
  async post(address: string, body: object, signal?: AbortSignal): Promise<void> {
    const response = await this.#send(new URL(address), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(this.#timeoutMs), ...(signal ? [signal] : [])]),
    });
    await response.body?.cancel();
    const { status } = response;
    if (status >= 200 && status < 300) return;
    throw new OutboundError(`${bare(new URL(address).hostname)} answered ${status}`, status === 429 || status >= 500);
  }

  /** As the web's `fetch`, for libraries: the same judging, no redirect, at most 1 MiB of answer. Throws OutboundError. */
  async fetch(address: string | URL, request: RequestInit = {}): Promise<Response> {
    const url = new URL(address);
    const { body, status, statusText: reason, headers } = await this.#send(url, request);
    const { client } = await this.#load();
    const statusText = /^[ -~]*$/.test(reason) ? reason : '';
    return new client.Response(body?.pipeThrough(upTo(mostBytes, bare(url.hostname))), { status, statusText, headers });
  }

  /** What comes back may have a status or a reason that the web's `Response` does not take. Throws OutboundError. */
  async #send(url: URL, request: RequestInit): Promise<Response> {
    const host = bare(url.hostname);
    // An address is connected to without being looked up. The URL parser has made one form of all ways to write it.
    if (isIP(host) !== 0 && !this.#allowed.allows(host, host)) throw refused(host);
    const { client, dispatcher } = await this.#load();
    return client.fetch(url, { ...request, redirect: 'manual', dispatcher }).catch((error: unknown) => {
      throw explained(host, error);
    });
  }

  async close(): Promise<void> {
    await (await this.#loaded)?.dispatcher.destroy();
  }

  /** Loaded for the first request: many installs never send one, and do without its memory. */
  #load(): Promise<Loaded> {
    // A bundle has nothing but the default of a module that is CommonJS.
    this.#loaded ??= import('undici').then(({ default: client }) => ({
      client,
      dispatcher: new client.Agent({ connect: { timeout: this.#timeoutMs, lookup: this.#lookup } }),
    }));
    return this.#loaded;
  }
}

function explained(host: string, error: unknown): OutboundError {
  if ((error as Error).name === 'TimeoutError') return new OutboundError(`${host} did not answer in time`, true);
  const code = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === refusedCode) return refused(host);
  return new OutboundError(`${host} cannot be reached${code === undefined ? '' : ` (${code})`}`, true);
}

function upTo(bytes: number, host: string): TransformStream<Uint8Array, Uint8Array> {
  let left = bytes;
  return new TransformStream({
    transform(chunk, controller) {
      left -= chunk.byteLength;
      if (left < 0) controller.error(new OutboundError(`the answer of ${host} is too long`, false));
      else controller.enqueue(chunk);
    },
  });
}

const refused = (host: string): OutboundError =>
  new OutboundError(`${host} is an internal address. If that is meant, whoever runs the backend adds it to OUTBOUND_ALLOW`, false);

/** Resolves to what may be connected to; fails where that is nothing. */
function judging(allowed: AllowedAddresses, resolver: typeof resolve): LookupFunction {
  return (host, options, callback) => {
    resolver(host, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, []);
      const fit = found.filter(({ address }) => allowed.allows(host, address));
      const first = fit[0];
      if (!first) return callback(Object.assign(new Error('only internal addresses'), { code: refusedCode }), []);
      if (options.all) callback(null, fit);
      else callback(null, first.address, first.family);
    });
  };
}
