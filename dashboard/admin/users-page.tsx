import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListedUser } from '../../shared/contract/accounts.ts';
import { roles, useUser } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { Buttons, Card, Page } from '../design/page.tsx';
import { SavedChoice } from '../design/saved-choice.tsx';
import { Failed, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { guestsArriveMs, Invitations } from './invitations.tsx';
import { LinkDialog } from './link-dialog.tsx';

export default function UsersPage() {
  const client = useQueryClient();
  const me = useUser();
  const users = useQuery({ queryKey: keys.users, queryFn: () => get<ListedUser[]>('/api/admin/users'), refetchInterval: guestsArriveMs });
  const [link, setLink] = useState('');
  const [leaving, setLeaving] = useState<ListedUser>();
  const [resetting, setResetting] = useState<ListedUser>();
  const reread = () => client.invalidateQueries({ queryKey: keys.users });
  const setRole = async ({ id }: ListedUser, role: string): Promise<void> => {
    await request('PATCH', `/api/admin/users/${id}`, { role });
    await reread();
  };
  const reset = async ({ id }: ListedUser): Promise<void> => {
    const { reset_url_path } = await request<{ reset_url_path: string }>('POST', `/api/admin/users/${id}/reset-password`);
    // At once, so that the focus goes back to the page when the link is closed.
    setResetting(undefined);
    setLink(location.origin + reset_url_path);
  };
  return (
    <Page title="Users" lead="Who may log in, and with which role.">
      <Card title="Accounts" isFlush>
        {users.isPending && <Skeleton rows={3} />}
        {users.error && !users.data && <Failed error={users.error} onRetry={() => void users.refetch()} />}
        {users.data && (
          <Table
            label="Accounts"
            columns={['Username', 'Role', 'Created']}
            rows={users.data.map((user) => ({
              key: user.id,
              cells: [
                `${user.username}${user.id === me.id ? ' (you)' : ''}`,
                <SavedChoice label={`Role of ${user.username}`} value={user.role} isDisabled={user.id === me.id} onSave={(role) => setRole(user, role)}>
                  {roles.map((role) => (
                    <option key={role}>{role}</option>
                  ))}
                </SavedChoice>,
                <TimeAgo at={user.created_at} />,
              ],
              actions: user.id !== me.id && (
                <Buttons>
                  <Button aria-label={`Reset password of ${user.username}`} onClick={() => setResetting(user)}>
                    Reset password
                  </Button>
                  <Button kind="warn" aria-label={`Delete ${user.username}`} onClick={() => setLeaving(user)}>
                    Delete
                  </Button>
                </Buttons>
              ),
            }))}
          />
        )}
      </Card>
      <Invitations onLink={setLink} />
      {link !== '' && <LinkDialog link={link} onClose={() => setLink('')} />}
      {resetting && (
        <Confirm
          title={`Reset the password of ${resetting.username}?`}
          action="Reset password"
          onClose={() => setResetting(undefined)}
          onConfirm={() => reset(resetting)}
        >
          The password and all sessions of the account end at once. You get a link that sets a new password.
        </Confirm>
      )}
      {leaving && (
        <Confirm
          title={`Delete ${leaving.username}?`}
          action="Delete"
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await request('DELETE', `/api/admin/users/${leaving.id}`);
            await reread();
          }}
        >
          The account and all its sessions end at once. This cannot be taken back.
        </Confirm>
      )}
    </Page>
  );
}
