/**
 * The backend as a presenter sees it: one request, one outcome. Only status 200 is success.
 * No outcome, error or log line contains the token, an address or a body.
 */
import type { Logger } from '../log.ts';

export interface BackendRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** 30 seconds unless told. */
  readonly deadlineMs?: number;
}

export type Outcome =
  | { readonly kind: 'accepted'; readonly body: string }
  /** The service token is not accepted; it may be again, since a rotation may be under way. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Nobody answered, or nobody who could: every other request would fare the same. */
  | { readonly kind: 'away'; readonly cause: string; readonly retryAfterMs?: number | undefined }
  /** The backend is there, and does not take this very request. */
  | { readonly kind: 'rejected'; readonly status: number };

class BackendError extends Error {
  override readonly name = 'BackendError';
}

export interface BackendOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly log: Logger;
}

type Reach = 'unknown' | 'reachable' | 'refused' | 'away';

const busyOrAway = new Set([429, 502, 503, 504]);
const longestMs = 30_000;
const longestListMs = 10_000;

export class Backend {
  /** How many requests ended in which way. */
  readonly outcomes: Record<Outcome['kind'], number> = { accepted: 0, refused: 0, away: 0, rejected: 0 };
  readonly #options: BackendOptions;
  #reach: Reach = 'unknown';

  constructor(options: BackendOptions) {
    this.#options = options;
  }

  /** Never throws. An abort by `signal` reads as away. */
  async send(request: BackendRequest, signal?: AbortSignal): Promise<Outcome> {
    const outcome = await this.#attempt(request, signal);
    this.outcomes[outcome.kind] += 1;
    if (!signal?.aborted) this.#note(outcome);
    return outcome;
  }

  /** The items of a JSON list. Throws a BackendError for any other answer. */
  async list(
    path: string,
    signal?: AbortSignal,
    deadlineMs = longestListMs,
  ): Promise<readonly Record<string, unknown>[]> {
    const outcome = await this.send({ method: 'GET', path, deadlineMs }, signal);
    if (outcome.kind !== 'accepted') throw new BackendError(`GET ${path}: ${outcomeCause(outcome)}`);
    const items = parseJson(outcome.body);
    if (!Array.isArray(items)) throw new BackendError(`GET ${path}: the answer is not a list`);
    return items.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
  }

  async #attempt({ method, path, body, deadlineMs = longestMs }: BackendRequest, signal?: AbortSignal): Promise<Outcome> {
    const { baseUrl, token } = this.#options;
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const answer = await fetch(baseUrl + path, {
        method,
        headers: { 'x-service-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        // A redirect would carry the token to wherever it points.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
      });
      return outcomeOf(answer.status, answer.headers.get('retry-after'), await answer.text());
    } catch (error) {
      return { kind: 'away', cause: networkCause(error) };
    }
  }

  /** Logs a change of reach once, not every attempt. */
  #note(outcome: Outcome): void {
    const { log } = this.#options;
    const reach = outcome.kind === 'accepted' || outcome.kind === 'rejected' ? 'reachable' : outcome.kind;
    if (reach === this.#reach) return;
    const from = this.#reach;
    this.#reach = reach;
    if (reach === 'reachable') log.info({ from }, 'backend reachable');
    else if (reach === 'refused') log.error({ from }, 'backend refuses the service token, trying again');
    else log.warn({ from, cause: outcomeCause(outcome) }, 'backend away, trying again');
  }
}

/** The one place where a status is judged. `retryAfter` is the header: seconds or a date. */
export function outcomeOf(status: number, retryAfter: string | null, body: string): Outcome {
  if (status === 200) return { kind: 'accepted', body };
  if (status === 401 || status === 403) return { kind: 'refused', status };
  if (busyOrAway.has(status)) {
    return { kind: 'away', cause: `status ${status}`, retryAfterMs: parseRetryAfter(retryAfter) };
  }
  return { kind: 'rejected', status };
}

export function outcomeCause(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return 'status 200';
  return outcome.kind === 'away' ? outcome.cause : `status ${outcome.status}`;
}

function parseRetryAfter(header: string | null): number | undefined {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** A code like ECONNREFUSED: the message of a fetch error may quote what was sent. */
function networkCause(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? 'NetworkError';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
