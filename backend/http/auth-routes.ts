/** How people get in and out. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  AcceptedInvitation,
  AuthStatus,
  ListedSession,
  LogIn,
  Me,
  NewAccount,
  OfferedInvitation,
  PasswordChange,
  PasswordReset,
  type ListedUser,
  type User,
} from '../../shared/contract/accounts.ts';
import { Done } from '../../shared/contract/security.ts';
import type { Accounts } from '../domain/accounts.ts';
import type { Sessions } from '../domain/sessions.ts';
import type { KnownUser } from '../store/account-store.ts';
import { sessionOf } from './guard.ts';
import { bareAddress, type Scope } from './scope.ts';
import { clearSessionCookie, cookieOf, setSessionCookie } from './session-cookie.ts';

const SessionId = Type.Object({ id: Type.String({ pattern: '^[\\w-]{1,64}$' }) });

export interface AuthRoutesDeps {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}

export function authRoutes(scope: Scope, { accounts, sessions }: AuthRoutesDeps): void {
  /** Whoever gets in leaves the session that they came with. */
  async function enter(request: FastifyRequest, reply: FastifyReply, known: KnownUser): Promise<{ user: User }> {
    const cookie = await sessions.begin(known, request.headers['user-agent']);
    await sessions.end(cookieOf(request));
    setSessionCookie(request, reply, cookie);
    return { user: shown(known.user) };
  }

  // Upstream's names beside those of its documentation.
  for (const url of ['/api/auth/status', '/api/auth/setup-required']) {
    scope.get(url, { schema: { response: { 200: AuthStatus } } }, async () => ({
      setup_required: await accounts.isSetupRequired(),
    }));
  }
  for (const url of ['/api/auth/signup', '/api/auth/setup']) {
    scope.post(url, { schema: { body: NewAccount, response: { 200: Me } } }, async (request, reply) =>
      enter(request, reply, await accounts.signUp(request.body)),
    );
  }

  scope.post('/api/auth/login', { schema: { body: LogIn, response: { 200: Me } } }, async (request, reply) => {
    const { username, password } = request.body;
    return enter(request, reply, await accounts.logIn(username, password, bareAddress(request.ip)));
  });

  const left = { schema: { response: { 204: Type.Unsafe<undefined>({ type: 'null', description: 'The session has ended' }) } } };
  scope.post('/api/auth/logout', left, async (request, reply) => {
    await sessions.end(cookieOf(request));
    clearSessionCookie(request, reply);
    return reply.code(204).send();
  });

  scope.get('/api/auth/me', { schema: { response: { 200: Me } } }, async (request) => ({
    user: shown(sessionOf(request).user),
  }));

  const passwordChange = { schema: { body: PasswordChange, response: { 200: Done } } };
  scope.post('/api/auth/change-password', passwordChange, async (request) => {
    const { current_password, new_password } = request.body;
    await accounts.changePassword(sessionOf(request), current_password, new_password, bareAddress(request.ip));
    return { message: 'Password changed; all other sessions have ended' };
  });

  scope.get('/api/auth/sessions', { schema: { response: { 200: Type.Array(ListedSession) } } }, (request) =>
    sessions.ofPerson(sessionOf(request)),
  );

  scope.delete('/api/auth/sessions', { schema: { response: { 200: Done } } }, async (request) => {
    await sessions.endOthers(sessionOf(request));
    return { message: 'All other sessions have ended' };
  });

  const endedOne = { schema: { params: SessionId, response: { 200: Done } } };
  scope.delete('/api/auth/sessions/:id', endedOne, async (request) => {
    await sessions.endOwn(sessionOf(request), request.params.id);
    return { message: 'The session has ended' };
  });

  const offered = { schema: { params: Type.Object({ token: Type.String() }), response: { 200: OfferedInvitation } } };
  scope.get('/api/auth/invitation/:token', offered, ({ params }) => accounts.invitation(params.token));

  const accepted = { schema: { body: AcceptedInvitation, response: { 200: Me } } };
  scope.post('/api/auth/accept-invitation', accepted, async (request, reply) => {
    const { token, ...account } = request.body;
    return enter(request, reply, await accounts.acceptInvitation(token, account));
  });

  const reset = { schema: { body: PasswordReset, response: { 200: Me } } };
  scope.post('/api/auth/reset-password', reset, async (request, reply) =>
    enter(request, reply, await accounts.finishPasswordReset(request.body.token, request.body.password)),
  );
}

const shown = ({ id, username, email, role }: ListedUser): User => ({ id, username, email, role });
