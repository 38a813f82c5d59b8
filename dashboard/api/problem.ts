/** What went wrong with a request, in a sentence for people. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  /** HTTP status; 0: the backend could not be reached. */
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export const unreachable = 'The backend cannot be reached. Check the connection, then try again.';

const byStatus: Readonly<Record<number, string>> = {
  403: 'Your role does not allow this. Ask an admin for another role.',
  404: 'This is not there any more. Reload the page.',
  429: 'Too many attempts. Wait a moment, then try again.',
  503: 'The backend is not ready yet. Try again in a moment.',
};

/** `body` is the backend's answer, if it was JSON. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): RequestProblem {
  const said = sentenceOf(body);
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const message = said ?? byStatus[status] ?? `The backend answered ${status}. Its log says why.`;
  return new RequestProblem(status, message, Number.isFinite(seconds) ? seconds : undefined);
}

function sentenceOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('detail' in body && Array.isArray(body.detail)) {
    const mistakes = body.detail.flatMap((mistake: { loc?: string[]; msg?: string }) =>
      mistake.msg === undefined ? [] : [`${mistake.loc?.at(-1) ?? ''} ${mistake.msg}`.trim()],
    );
    if (mistakes.length > 0) return `Check the form: ${mistakes.join('; ')}.`;
  }
  if (!('message' in body) || typeof body.message !== 'string' || body.message === 'Not Found') return undefined;
  return /[.!?]$/.test(body.message) ? body.message : `${body.message}.`;
}

export function sentence(error: unknown): string {
  return error instanceof RequestProblem ? error.message : 'Something went wrong in this page. Reload it.';
}
