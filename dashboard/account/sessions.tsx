import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListedSession } from '../../shared/contract/accounts.ts';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { dateTime } from '../design/format.ts';
import { Card } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';
import { Table } from '../design/table.tsx';
import { TimeAgo } from '../design/time-ago.tsx';
import { browserName } from './browser-name.ts';

/** Whoever logs in elsewhere shows up without a reload. */
const othersArriveMs = 5_000;

/** Where one is logged in. */
export function Sessions() {
  const client = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({ queryKey: keys.sessions, queryFn: () => get<ListedSession[]>('/api/auth/sessions'), refetchInterval: othersArriveMs });
  const [isAsking, setAsking] = useState(false);
  const reread = () => client.invalidateQueries({ queryKey: keys.sessions });
  const end = useMutation({ mutationFn: (id: string) => request('DELETE', `/api/auth/sessions/${id}`), onSettled: reread });
  const isAlone = data?.every(({ is_current }) => is_current) ?? true;
  return (
    <Card title="Sessions" lead="Where you are logged in. To end the session of this browser, log out.">
      {isPending && <Skeleton rows={2} />}
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {end.isError && <Failed error={end.error} />}
      {data && (
        <Table
          label="Sessions"
          columns={['Browser', 'Logged in', 'Expires']}
          rows={data.map(({ id, browser, created_at, expires_at, is_current }) => ({
            key: id,
            cells: [`${browserName(browser)}${is_current ? ' (this browser)' : ''}`, <TimeAgo at={created_at} />, dateTime(expires_at)],
            actions: !is_current && (
              <Button
                kind="warn"
                isBusy={end.isPending && end.variables === id}
                aria-label={`Log out ${browserName(browser)}, logged in ${dateTime(created_at)}`}
                onClick={() => end.mutate(id)}
              >
                Log out
              </Button>
            ),
          }))}
        />
      )}
      {data && isAlone && <Note>You are logged in nowhere else.</Note>}
      {!isAlone && (
        <div>
          <Button kind="warn" onClick={() => setAsking(true)}>
            Log out everywhere else
          </Button>
        </div>
      )}
      {isAsking && (
        <Confirm
          title="Log out everywhere else?"
          action="Log out"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await request('DELETE', '/api/auth/sessions');
            await reread();
          }}
        >
          All your sessions but this one end at once.
        </Confirm>
      )}
    </Card>
  );
}
