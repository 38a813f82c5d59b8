/** Errors as answers: one shape for all, and nothing of what was sent in any of them. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { nanoid } from 'nanoid';
import type { Mistake, Problem } from '../../shared/contract/problem.ts';
import type { Logger } from '../../shared/log.ts';
import { Declined, type DeclineReason } from '../domain/declined.ts';
import { DatabaseError } from '../store/database-error.ts';
import { methodsOf } from './methods.ts';
import { pathOf } from './scope.ts';

/** An answer that is not a success; the message says what to do. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The framework's own messages repeat URLs and bodies, so its statuses get ours. */
const messages: Readonly<Record<number, string>> = {
  400: 'The request is malformed: check the URL and the JSON body',
  404: 'Not Found',
  413: 'The body is too large: at most 16 MiB are taken, and 16 KiB where nobody has to be logged in',
  414: 'The URL is too long',
  415: 'The body must be sent as application/json',
};

const statuses: Readonly<Record<DeclineReason, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  gone: 410,
  throttled: 429,
  unavailable: 503,
};

/** A restart of PostgreSQL takes about as long. */
const retryAfterSeconds = 2;

export function createErrorHandler(log: Logger) {
  return async (error: FastifyError | HttpProblem | Declined | DatabaseError, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (error instanceof HttpProblem) return send(request, reply, error.status, error.message);
    if (error instanceof Declined) {
      if (error.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(error.retryAfterMs / 1_000));
      return send(request, reply, statuses[error.reason], error.message);
    }
    if (error instanceof DatabaseError) {
      log.warn({ path: pathOf(request.url), err: error }, 'a request was put off: there is no database');
      reply.header('retry-after', retryAfterSeconds);
      return send(request, reply, 503, 'The database cannot be reached at the moment: try again');
    }
    if (error.validation) {
      const mistakes = mistakesOf(error);
      return send(request, reply, 422, 'The request does not have the expected shape; see detail', mistakes);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return send(request, reply, status, messages[status] ?? 'The request was refused');
    const id = nanoid(10);
    log.error({ errorId: id, method: request.method, path: pathOf(request.url), err: error }, 'request failed');
    return send(request, reply, 500, `Internal error; the backend's log has the cause under errorId ${id}`);
  };
}

/** 405 if another method has the path, 307 if it would be one without the slash at its end. */
export async function answerNotFound(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const path = pathOf(request.url);
  const methods = methodsOf(path);
  const shorter = path.replace(/\/$/, '');
  if (methods.length === 0 && methodsOf(shorter).length > 0) return reply.redirect(shorter + request.url.slice(path.length), 307);
  if (methods.length === 0) return send(request, reply, 404, 'Not Found');
  reply.header('allow', methods.join(', '));
  return send(request, reply, 405, 'Method Not Allowed');
}

async function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
  detail: Problem['detail'] = message,
): Promise<void> {
  const problem: Problem = { error: `HTTP ${status} Error`, message, detail, path: pathOf(request.url) };
  await reply.code(status).send(problem);
}

function mistakesOf({ validation = [], validationContext = 'body' }: FastifyError): Mistake[] {
  return validation.map(({ keyword, instancePath, params, message }) => {
    const missing = params['missingProperty'];
    return {
      type: keyword,
      loc: [validationContext, ...instancePath.split('/').slice(1), ...(typeof missing === 'string' ? [missing] : [])],
      msg: message ?? 'is not as expected',
    };
  });
}
