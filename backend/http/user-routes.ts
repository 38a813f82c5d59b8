/** Accounts and invitations, for admins. */
import { Type } from 'typebox';
import {
  InvitationOrder,
  ListedInvitation,
  ListedUser,
  NewInvitation,
  NewPasswordReset,
  RoleChange,
} from '../../shared/contract/accounts.ts';
import { Done } from '../../shared/contract/security.ts';
import type { LiveFeed } from '../domain/live-feed.ts';
import type { UserAdmin } from '../domain/user-admin.ts';
import { sessionOf } from './guard.ts';
import { RowId } from './row-id.ts';
import type { Scope } from './scope.ts';

const defaultHours = 72;

export interface UserRoutesDeps {
  readonly userAdmin: UserAdmin;
  readonly feed: LiveFeed;
}

export function userRoutes(scope: Scope, { userAdmin, feed }: UserRoutesDeps): void {
  scope.get('/api/admin/users', { schema: { response: { 200: Type.Array(ListedUser) } } }, () => userAdmin.list());

  const changed = { schema: { params: RowId, body: RoleChange, response: { 200: ListedUser } } };
  scope.patch('/api/admin/users/:id', changed, async (request) => {
    const user = await userAdmin.changeRole(sessionOf(request).user.id, Number(request.params.id), request.body.role);
    feed.tell('account_change', {});
    return user;
  });

  scope.delete('/api/admin/users/:id', { schema: { params: RowId, response: { 200: Done } } }, async (request) => {
    await userAdmin.remove(sessionOf(request).user.id, Number(request.params.id));
    return { message: 'User deleted' };
  });

  const reset = { schema: { params: RowId, response: { 200: NewPasswordReset } } };
  scope.post('/api/admin/users/:id/reset-password', reset, async (request) => {
    const order = await userAdmin.resetPassword(sessionOf(request).user.id, Number(request.params.id));
    return { ...order, reset_url_path: `/reset-password/${order.token}` };
  });

  scope.get('/api/admin/invitations', { schema: { response: { 200: Type.Array(ListedInvitation) } } }, () =>
    userAdmin.openInvitations(),
  );

  const invited = { schema: { body: InvitationOrder, response: { 200: NewInvitation } } };
  scope.post('/api/admin/invitations', invited, async (request) => {
    const { role, expires_in_hours = defaultHours } = request.body;
    const invitation = await userAdmin.invite(sessionOf(request).user.id, role, expires_in_hours);
    return { ...invitation, invite_url_path: `/invite/${invitation.token}` };
  });

  const revoked = { schema: { params: RowId, response: { 200: Done } } };
  scope.delete('/api/admin/invitations/:id', revoked, async ({ params }) => {
    await userAdmin.revokeInvitation(Number(params.id));
    return { message: 'Invitation revoked' };
  });
}
