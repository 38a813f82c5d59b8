import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Role } from '../../shared/contract/accounts.ts';
import { RequestProblem } from '../api/problem.ts';
import { get, request } from '../api/request.ts';
import { dateTime } from '../design/format.ts';
import { Failed, Note, Skeleton } from '../design/states.tsx';
import { AccountForm } from './account-form.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { useEnter } from './use-enter.ts';

const meaning: Readonly<Record<Role, string>> = {
  read: 'You may see failing pods and security findings.',
  write: 'You may see and dismiss failing pods and security findings, ask for a rescan, and edit suppressions.',
  admin: 'You may do everything, and manage users and settings.',
};

export function InvitePage({ token }: { readonly token: string }) {
  const enter = useEnter();
  const { data, error, refetch } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => get<{ role: Role; expires_at: string }>(`/api/auth/invitation/${encodeURIComponent(token)}`),
    staleTime: Infinity,
  });
  if (error) return <DeadLink error={error} what="invitation" />;
  if (!data) return <Skeleton rows={3} />;
  const lead = `You are invited with role ${data.role}. ${meaning[data.role]} The link can be used once, until ${dateTime(data.expires_at)}.`;
  return (
    <AuthFrame title="Accept the invitation" lead={lead}>
      <AccountForm
        action="Create account"
        onSubmit={async ({ username, password }) => {
          try {
            await request('POST', '/api/auth/accept-invitation', { token, username, password });
          } catch (error) {
            // The link may have ended while the form was open.
            await refetch();
            throw error;
          }
        }}
        onDone={enter}
      />
    </AuthFrame>
  );
}

function DeadLink({ error, what }: { readonly error: unknown; readonly what: string }) {
  const isOver = error instanceof RequestProblem && (error.status === 404 || error.status === 410);
  return (
    <AuthFrame title={`This ${what} cannot be used`}>
      {isOver ? <Note>It was used, has expired or was revoked. Ask an admin for a new one.</Note> : <Failed error={error} />}
      <Link href="/">Go to the login</Link>
    </AuthFrame>
  );
}
