import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListedInvitation, ListedUser, Role } from '../../shared/contract/accounts.ts';
import { roles, useUser } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { Choice } from '../design/field.tsx';
import { dateTime } from '../design/format.ts';
import { Card, Page, Toolbar } from '../design/page.tsx';
import { Failed, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { LinkDialog } from './link-dialog.tsx';

export default function UsersPage() {
  const client = useQueryClient();
  const me = useUser();
  const users = useQuery({ queryKey: keys.users, queryFn: () => get<ListedUser[]>('/api/admin/users') });
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
      {(users.error ?? change.error) && <Failed error={users.error ?? change.error} />}
      <Card title="Accounts" isFlush>
        {!users.data && <Skeleton rows={3} />}
        <Table label="Accounts" columns={['Username', 'Role', 'Created', 'Action']}>
          {users.data?.map((user) => (
            <tr key={user.id}>
              <th scope="row">
                {user.username}
                {user.id === me.id && ' (you)'}
              </th>
              <td>
                <Choice
                  label={`Role of ${user.username}`}
                  value={user.role}
                  disabled={user.id === me.id}
                  onChoose={(role) => change.mutate(() => request('PATCH', `/api/admin/users/${user.id}`, { role }))}
                >
                  {roles.map((role) => (
                    <option key={role}>{role}</option>
                  ))}
                </Choice>
              </td>
              <td>
                <TimeAgo at={user.created_at} />
              </td>
              <td>
                {user.id !== me.id && (
                  <>
                    <Button kind="quiet" aria-label={`Reset password of ${user.username}`} onClick={() => change.mutate(() => reset(user))}>
                      Reset password
                    </Button>
                    <Button kind="quiet" aria-label={`Delete ${user.username}`} onClick={() => setLeaving(user)}>
                      Delete
                    </Button>
                  </>
                )}
              </td>
            </tr>
          ))}
        </Table>
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

function Invitations({ onLink }: { readonly onLink: (link: string) => void }) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>('read');
  const { data } = useQuery({ queryKey: keys.invitations, queryFn: () => get<ListedInvitation[]>('/api/admin/invitations') });
  const change = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSettled: () => client.invalidateQueries({ queryKey: keys.invitations }),
  });
  const invite = async (): Promise<void> => {
    const { invite_url_path } = await request<{ invite_url_path: string }>('POST', '/api/admin/invitations', { role });
    onLink(location.origin + invite_url_path);
  };
  return (
    <Card title="Invitations" lead="A link makes one account, within 72 hours.">
      <Toolbar>
        <Choice label="Role" value={role} onChoose={(value) => setRole(value as Role)}>
          {roles.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
        <Button kind="primary" isBusy={change.isPending} onClick={() => change.mutate(invite)}>
          Invite
        </Button>
      </Toolbar>
      {change.isError && <Failed error={change.error} />}
      {data && data.length > 0 && (
        <Table label="Open invitations" columns={['Role', 'Expires', 'Action']}>
          {data.map((invitation) => (
            <tr key={invitation.id}>
              <th scope="row">{invitation.role}</th>
              <td>{dateTime(invitation.expires_at)}</td>
              <td>
                <Button kind="quiet" onClick={() => change.mutate(() => request('DELETE', `/api/admin/invitations/${invitation.id}`))}>
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}
