import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListedInvitation, Role } from '../../shared/contract/accounts.ts';
import { roles } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { SelectField } from '../design/field.tsx';
import { dateTime } from '../design/format.ts';
import { Card, Toolbar } from '../design/page.tsx';
import { Failed } from '../design/states.tsx';
import { Table } from '../design/table.tsx';

/** Who follows an invitation shows up without a reload. */
export const guestsArriveMs = 5_000;

const validities = [
  [24, '1 day'],
  [72, '3 days'],
  [7 * 24, '7 days'],
  [30 * 24, '30 days'],
] as const;

interface Change {
  /** An invitation, or the one that is made. */
  readonly what: ListedInvitation['id'] | 'new';
  readonly call: () => Promise<unknown>;
}

const revoke = ({ id }: ListedInvitation): Promise<unknown> => request('DELETE', `/api/admin/invitations/${id}`);

export function Invitations({ onLink }: { readonly onLink: (link: string) => void }) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>('read');
  const [hours, setHours] = useState<number>(72);
  const { data, error, refetch } = useQuery({ queryKey: keys.invitations, queryFn: () => get<ListedInvitation[]>('/api/admin/invitations'), refetchInterval: guestsArriveMs });
  const change = useMutation({
    mutationFn: ({ call }: Change) => call(),
    onSettled: () => client.invalidateQueries({ queryKey: keys.invitations }),
  });
  const isAt = (what: Change['what']): boolean => change.isPending && change.variables.what === what;
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
        <Button kind="primary" isBusy={isAt('new')} onClick={() => change.mutate({ what: 'new', call: invite })}>
          Invite
        </Button>
      </Toolbar>
      {change.isError && <Failed error={change.error} />}
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {data && data.length > 0 && (
        <Table
          label="Open invitations"
          columns={['Role', 'Expires']}
          rows={data.map((invitation) => ({
            key: invitation.id,
            cells: [invitation.role, dateTime(invitation.expires_at)],
            actions: (
              <Button kind="warn" isBusy={isAt(invitation.id)} onClick={() => change.mutate({ what: invitation.id, call: () => revoke(invitation) })}>
                Revoke
              </Button>
            ),
          }))}
        />
      )}
    </Card>
  );
}
