/**
 * Refuses what another site makes a browser send: browsers send the cookie along, so the cookie alone proves nothing.
 * Programs that are no browsers send neither of the two headers, and nobody can make them send a cookie.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from './problems.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `host` is the one that the browser asked for. */
export function isCrossSite(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

export function refuseCrossSite(request: FastifyRequest): void {
  if (safeMethods.has(request.method) || !isCrossSite(request.headers, request.host)) return;
  throw new HttpProblem(403, 'Refused: the request comes from another site');
}
