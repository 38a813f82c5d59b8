/** Every failure of a call to the API server, classified in one place. */

/** What a caller may do about a failed call. */
export type Remedy =
  /** The version asked for is gone: list again. */
  | 'relist'
  /** The server is busy or away: try the same again later. */
  | 'retry'
  /** Somebody else wrote first: read again and decide again. */
  | 'conflict'
  /** The object is not there. */
  | 'missing'
  /** The server will not do it; a person must act. */
  | 'refused';

export class KubeError extends Error {
  override readonly name = 'KubeError';
  /** HTTP status; 0 if no answer came. */
  readonly status: number;
  /** `reason` of the server's Status object, or the network error's code. */
  readonly reason: string;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, status: number, reason: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

export function remedyFor(error: unknown): Remedy {
  if (!(error instanceof KubeError)) return 'retry';
  switch (error.status) {
    case 404:
      return 'missing';
    case 409:
      return 'conflict';
    case 410:
      return 'relist';
    case 504:
      // "Too large resource version": the server's data is older than what we ask for (a restored etcd).
      return 'relist';
    case 400:
    case 403:
    case 405:
    case 422:
      return 'refused';
    default:
      return 'retry';
  }
}

/** Builds the error from an answer; the body is read for `reason` and `message` only. */
export function errorFromAnswer(what: string, status: number, body: string, retryAfter?: string): KubeError {
  const answer = parseStatus(body);
  const retryAfterSeconds = Number(retryAfter);
  return new KubeError(
    `${what}: ${status} ${answer.message || answer.reason}`.trimEnd(),
    status,
    answer.reason,
    retryAfter !== undefined && Number.isFinite(retryAfterSeconds) ? retryAfterSeconds * 1000 : undefined,
  );
}

function parseStatus(body: string): { reason: string; message: string } {
  try {
    const status = JSON.parse(body) as { kind?: string; reason?: string; message?: string };
    if (status.kind !== 'Status') return { reason: '', message: '' };
    return { reason: status.reason ?? '', message: status.message ?? '' };
  } catch {
    return { reason: '', message: '' };
  }
}

/** Of what Retry-After asks for: a proxy that says a day must not blind us for one, nor Node's timers, which end at once beyond 24 days. */
const longestRetryAfterMs = 60_000;

/** Milliseconds that the server asks to be left alone for; 0 where it does not. */
export const askedRestMs = (error: unknown): number =>
  error instanceof KubeError ? Math.min(error.retryAfterMs ?? 0, longestRetryAfterMs) : 0;

/** For `catch`, where an object that is not there is an answer, too. */
export function undefinedIfMissing(error: unknown): undefined {
  if (remedyFor(error) !== 'missing') throw error;
}
