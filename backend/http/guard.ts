/** Stands before every route, as the access table says, and before a body is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { roles, type Role } from '../../shared/contract/accounts.ts';
import type { Session, Sessions } from '../domain/sessions.ts';
import { permissionFor, type Permission } from './access.ts';
import { refuseCrossSite } from './cross-site.ts';
import { HttpProblem } from './problems.ts';
import type { Scope } from './scope.ts';
import {
  demandStarted,
  requireServiceToken,
  requireServiceTokenOfOnlooker,
  type ServiceTokenDeps,
} from './service-token.ts';
import { cookieOf, setSessionCookie } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    session: Session | null;
  }
}

export interface GuardDeps extends ServiceTokenDeps {
  readonly sessions: Sessions;
}

type Check = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Where nobody has to be logged in, whoever sends may be anybody, and send as many as they like. */
const maxPublicBodyBytes = 16 * 1024;

/** For all routes that are registered after it. */
export function guard(app: Scope, deps: GuardDeps): void {
  app.decorateRequest('session', null);
  app.addHook('onRoute', (route) => {
    const [method] = [route.method].flat();
    const permission = permissionFor(method!, route.url);
    route.onRequest = checkFor(permission, deps);
    if (permission === 'public') route.bodyLimit = maxPublicBodyBytes;
  });
}

/** Of the person who asks; only behind a permission that is a role. */
export function sessionOf({ session }: FastifyRequest): Session {
  if (!session) throw new Error('this route is not behind a role');
  return session;
}

function checkFor(permission: Permission, deps: GuardDeps): Check {
  if (permission === 'public') return async (request) => refuseCrossSite(request);
  if (permission === 'onlooker') return requireServiceTokenOfOnlooker(deps);
  const service = requireServiceToken(deps);
  if (permission === 'service') return service;
  if (permission !== 'service or read') return requireRole(permission, deps);
  const person = requireRole('read', deps);
  return (request, reply) => (isPerson(request) ? person(request, reply) : service(request));
}

/** Who sends a token is judged by it, so that a refused one is always booked; so is who sends nothing. */
function isPerson(request: FastifyRequest): boolean {
  return request.headers['x-service-token'] === undefined && cookieOf(request) !== undefined;
}

function requireRole(role: Role, deps: GuardDeps): Check {
  return async (request, reply) => {
    demandStarted(deps);
    refuseCrossSite(request);
    const cookie = cookieOf(request);
    const session = await deps.sessions.find(cookie);
    if (!session) throw new HttpProblem(401, 'Authentication required');
    if (roles.indexOf(session.user.role) < roles.indexOf(role)) throw new HttpProblem(403, refusals[role]);
    request.session = session;
    if (session.wasExtended) setSessionCookie(request, reply, cookie!);
  };
}

const refusals: Readonly<Record<Role, string>> = {
  read: 'Read access required',
  write: 'Write access required',
  admin: 'Admin access required',
};
