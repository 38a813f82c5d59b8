/** Accounts of people, as dashboard and backend speak of them (upstream 2.3, and what it lacks). */
import { Type, type Static } from 'typebox';
import { Instant } from './instant.ts';

/** Each role may do everything that the ones before it may. */
export const roles = ['read', 'write', 'admin'] as const;
export type Role = (typeof roles)[number];

const Email = Type.Optional(Type.Union([Type.String({ maxLength: 255 }), Type.Null()]));
/** Longer ones would only make the server work; the length is that of the text, not of its bytes. */
const NewPassword = Type.String({ minLength: 8, maxLength: 256 });
const Token = Type.String({ minLength: 1, maxLength: 128 });
/** Lengths are checked after trimming, by the backend. */
const Username = Type.String({ maxLength: 256 });

export const User = Type.Object({
  id: Type.Integer(),
  username: Type.String(),
  email: Type.Union([Type.String(), Type.Null()]),
  role: Type.Enum(roles),
});
export const ListedUser = Type.Object({ ...User.properties, created_at: Instant, updated_at: Instant });
/** Who is logged in. */
export const Me = Type.Object({ user: User });

export const AuthStatus = Type.Object({
  setup_required: Type.Boolean({ description: 'there is no account yet: the first visitor makes the first admin' }),
});

export const NewAccount = Type.Object({ username: Username, password: NewPassword, email: Email });
export const LogIn = Type.Object({ username: Username, password: Type.String({ maxLength: 1_024 }) });
export const AcceptedInvitation = Type.Object({ token: Token, ...NewAccount.properties });
export const PasswordChange = Type.Object({
  current_password: Type.String({ maxLength: 1_024 }),
  new_password: NewPassword,
});
export const PasswordReset = Type.Object({ token: Token, password: NewPassword });

/** One of one's own sessions. */
export const ListedSession = Type.Object({
  id: Type.String({ description: 'names it; nobody gets in with it' }),
  created_at: Instant,
  expires_at: Type.String({ description: 'RFC 3339, UTC; moves on while the session is used' }),
  browser: Type.Union([Type.String(), Type.Null()], { description: 'User-Agent at the login, printable ASCII, at most 256 characters; null if not known' }),
  is_current: Type.Boolean({ description: 'the one that asks' }),
});

export const RoleChange = Type.Object({ role: Type.Enum(roles) });
export const InvitationOrder = Type.Object({
  role: Type.Enum(roles),
  expires_in_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720, description: '72 if absent' })),
});

export const OfferedInvitation = Type.Object({ role: Type.Enum(roles), expires_at: Instant });
export const ListedInvitation = Type.Object({
  id: Type.Integer(),
  ...OfferedInvitation.properties,
  created_at: Instant,
  created_by: Type.Union([Type.Integer(), Type.Null()]),
});
/** The only answer that has the token: it is stored as a hash. */
export const NewInvitation = Type.Object({
  ...ListedInvitation.properties,
  token: Type.String(),
  invite_url_path: Type.String({ description: '`/invite/<token>`' }),
});
/** Answer to `POST /api/admin/users/{id}/reset-password`: a link to hand over; the old password and all sessions have ended. */
export const NewPasswordReset = Type.Object({
  token: Type.String(),
  expires_at: Instant,
  reset_url_path: Type.String({ description: '`/reset-password/<token>`' }),
});

export type User = Static<typeof User>;
export type ListedUser = Static<typeof ListedUser>;
export type NewAccount = Static<typeof NewAccount>;
export type ListedSession = Static<typeof ListedSession>;
export type ListedInvitation = Static<typeof ListedInvitation>;
