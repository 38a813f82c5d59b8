import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListedInvitation, ListedUser, Role } from '../../shared/contract/accounts.ts';
import { roles, useUser } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { Choice, SelectField } from '../design/field.tsx';
import { dateTime } from '../design/format.ts';
import { Buttons, Card, Page, Toolbar } from '../design/page.tsx';
import { Failed, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { LinkDialog } from './link-dialog.tsx';

/** Who follows an invitation shows up without a reload. */
const refetchInterval = 5_000;

export default function UsersPage() {
  const client = useQueryClient();
  const me = useUser();
  const users = useQuery({ queryKey: keys.users, queryFn: () => get<ListedUser[]>('/api/admin/users'), refetchInterval });
  const [link, setLink] = useState('');
  const [leaving, setLeaving] = useState<ListedUser>();
  const change = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSettled: () => client.invalidateQueries({ queryKey: keys.users }),
  });
  const reset = async ({ id }: ListedUser): Promise<void> => {
    const { reset_url_path } = await request<{ reset_url_path: string }>('POST', `/api/admin/users/${id}/reset-password`);
    setLink(location.origin + reset_url_path);
  };
  return (
    <Page title="Users" lead="Who may log in, and with which role.">
      {users.error && !users.data && <Failed error={users.error} onRetry={() => void users.refetch()} />}
      {change.isError && <Failed error={change.error} />}
      <Card title="Accounts" isFlush>
        {users.isPending && <Skeleton rows={3} />}
        <Table
          label="Accounts"
          columns={['Username', 'Role', 'Created']}
          rows={(users.data ?? []).map((user) => ({
            key: user.id,
            cells: [
              `${user.username}${user.id === me.id ? ' (you)' : ''}`,
              <Choice
                label={`Role of ${user.username}`}
                value={user.role}
                disabled={user.id === me.id}
                onChoose={(role) => change.mutate(() => request('PATCH', `/api/admin/users/${user.id}`, { role }))}
              >
                {roles.map((role) => (
                  <option key={role}>{role}</option>
                ))}
              </Choice>,
              <TimeAgo at={user.created_at} />,
            ],
            actions: user.id !== me.id && (
              <Buttons>
                <Button aria-label={`Reset password of ${user.username}`} onClick={() => change.mutate(() => reset(user))}>
                  Reset password
                </Button>
                <Button kind="warn" aria-label={`Delete ${user.username}`} onClick={() => setLeaving(user)}>
                  Delete
                </Button>
              </Buttons>
            ),
          }))}
        />
      </Card>
      <Invitations onLink={setLink} />
      {link !== '' && <LinkDialog link={link} onClose={() => setLink('')} />}
      {leaving && (
        <Confirm
          title={`Delete ${leaving.username}?`}
          action="Delete"
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await request('DELETE', `/api/admin/users/${leaving.id}`);
            await client.invalidateQueries({ queryKey: keys.users });
          }}
        >
          The account and all its sessions end at once. This cannot be taken back.
        </Confirm>
      )}
    </Page>
  );
}

const validities = [
  [24, '1 day'],
  [72, '3 days'],
  [7 * 24, '7 days'],
  [30 * 24, '30 days'],
] as const;

function Invitations({ onLink }: { readonly onLink: (link: string) => void }) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>('read');
  const [hours, setHours] = useState<number>(72);
  const { data } = useQuery({ queryKey: keys.invitations, queryFn: () => get<ListedInvitation[]>('/api/admin/invitations'), refetchInterval });
  const change = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSettled: () => client.invalidateQueries({ queryKey: keys.invitations }),
  });
  const invite = async (): Promise<void> => {
    const { invite_url_path } = await request<{ invite_url_path: string }>('POST', '/api/admin/invitations', { role, expires_in_hours: hours });
    onLink(location.origin + invite_url_path);
  };
  return (
    <Card title="Invitations" lead="A link makes one account, with the role that is chosen here.">
      <Toolbar>
        <SelectField label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
          {roles.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <SelectField label="Valid for" value={hours} onChange={(event) => setHours(Number(event.target.value))}>
          {validities.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </SelectField>
        <Button kind="primary" isBusy={change.isPending} onClick={() => change.mutate(invite)}>
          Invite
        </Button>
      </Toolbar>
      {change.isError && <Failed error={change.error} />}
      {data && data.length > 0 && (
        <Table
          label="Open invitations"
          columns={['Role', 'Expires']}
          rows={data.map((invitation) => ({
            key: invitation.id,
            cells: [invitation.role, dateTime(invitation.expires_at)],
            actions: (
              <Button kind="warn" onClick={() => change.mutate(() => request('DELETE', `/api/admin/invitations/${invitation.id}`))}>
                Revoke
              </Button>
            ),
          }))}
        />
      )}
    </Card>
  );
}
