/** Which answers that are no success a route has, as the guard, the framework and the error handler give them. */
import { access, type Permission } from '../../backend/http/access.ts';
import type { Documented } from '../../backend/http/operations.ts';

/** What is read of what the framework makes of a route. */
export interface Operation {
  readonly parameters?: readonly { readonly in: string }[];
  readonly requestBody?: object;
  readonly responses: Record<string, { readonly $ref?: string; description?: string }>;
}

const meanings: Readonly<Record<number, string>> = {
  400: 'Malformed, or refused for the reason in `message`',
  401: 'Who asks is not known, or no more',
  403: 'Not for this role, or sent by another site',
  404: 'Not there',
  409: 'Not as things are now',
  410: 'Used or expired',
  413: 'More than 16 MiB',
  414: 'A part of the path is too long',
  415: 'The body is not `application/json`',
  422: 'Not of the shape that the schema demands; `detail` has the places',
  429: 'Too many failed attempts; `Retry-After` says when to try again',
  500: "Failed inside; the backend's log has the cause",
  502: 'What the backend asked elsewhere has failed',
  503: 'Not ready, too busy or without its database: try again, after `Retry-After` if it is there',
};

/** Of the whole document; operations point to them. */
export const problemResponses = Object.fromEntries(
  Object.entries(meanings).map(([status, description]) => [status, response(Number(status), description)]),
);

/** `own` are those of the table of operations. */
export function problemsOf(row: Documented, { parameters = [], requestBody }: Operation, own: readonly number[]) {
  const permission = access[row];
  const reads = row.startsWith('GET ');
  const statuses = new Set([...own, 500]);
  if (permission !== 'public') statuses.add(401).add(503);
  if (permission === 'write' || permission === 'admin' || (isOfPeople(permission) && !reads)) statuses.add(403);
  if (parameters.some((parameter) => parameter.in === 'path')) statuses.add(400).add(414);
  if (!reads) statuses.add(400).add(413).add(415);
  if (requestBody || parameters.length > 0) statuses.add(422);
  return Object.fromEntries([...statuses].map((status) => [status, { $ref: `#/components/responses/${status}` }]));
}

/** What a browser may send, so that other sites are refused. */
const isOfPeople = (permission: Permission): boolean => permission === 'public' || permission === 'read';

function response(status: number, description: string) {
  const retryAfter = { 'retry-after': { description: 'seconds', schema: { type: 'integer' as const, minimum: 0 } } };
  return {
    description,
    ...((status === 429 || status === 503) && { headers: retryAfter }),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
