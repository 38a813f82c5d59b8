import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Static } from 'typebox';
import type { Notification, notificationProviders } from '../../shared/contract/administration.ts';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { Confirm } from '../design/confirm.tsx';
import { Switch, TextField } from '../design/field.tsx';
import { Form, formText } from '../design/form.tsx';
import { Buttons, Card, Columns, Page } from '../design/page.tsx';
import { Failed, Note, Skeleton } from '../design/states.tsx';

type Shown = Static<typeof Notification>;

const names: Readonly<Record<(typeof notificationProviders)[number], string>> = {
  slack: 'Slack',
  teams: 'Microsoft Teams',
  webhook: 'Webhook',
};

export default function NotificationsPage() {
  const { data, error, refetch } = useQuery({ queryKey: keys.notifications, queryFn: () => get<Shown[]>('/api/admin/notifications') });
  return (
    <Page title="Notifications" lead="Where a message goes when a pod fails or recovers.">
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton />}
      {data && (
        <Columns count={3}>
          {Object.entries(names).map(([provider, name]) => (
            <Channel key={provider} provider={provider} name={name} shown={data.find((one) => one.provider === provider)} />
          ))}
        </Columns>
      )}
    </Page>
  );
}

interface Work {
  readonly call: () => Promise<unknown>;
  readonly done: 'Saved.' | 'Sent.';
}

function Channel({ provider, name, shown }: { readonly provider: string; readonly name: string; readonly shown: Shown | undefined }) {
  const client = useQueryClient();
  const [isDeleting, setDeleting] = useState(false);
  const [isTyped, setTyped] = useState(false);
  const reread = () => client.invalidateQueries({ queryKey: keys.notifications });
  const work = useMutation({ mutationFn: ({ call }: Work) => call(), onSuccess: reread });
  const path = `/api/admin/notifications/${provider}`;
  const isAt = (done: Work['done']): boolean => work.isPending && work.variables.done === done;
  return (
    <Card title={name}>
      <Form
        onReset={() => setTyped(false)}
        onSend={(form) => {
          const url = formText(form, 'webhook_url').trim();
          const body = { provider, enabled: !shown || formText(form, 'enabled') === 'on', config: url === '' ? {} : { webhook_url: url } };
          const call = () => request('POST', '/api/admin/notifications', body);
          work.mutate({ call, done: 'Saved.' }, { onSuccess: () => form.reset() });
        }}
      >
        <TextField
          label="Webhook URL"
          name="webhook_url"
          type="url"
          autoComplete="off"
          required={!shown}
          onChange={({ target }) => setTyped(target.value !== '')}
          hint={shown && (isTyped ? 'Save first, then send a test.' : `Stored: ${shown.config.webhook_url || 'it cannot be decrypted, enter it again'} (empty keeps it)`)}
        />
        {shown && <Switch key={String(shown.enabled)} label="Enabled" name="enabled" defaultChecked={shown.enabled} />}
        {work.isError && <Failed error={work.error} />}
        <div role="status">{work.isSuccess && <Note tone="good">{work.variables.done}</Note>}</div>
        <Buttons>
          <Button kind="primary" type="submit" isBusy={isAt('Saved.')}>
            Save
          </Button>
          {shown && (
            <Button isBusy={isAt('Sent.')} disabled={isTyped} onClick={() => work.mutate({ call: () => request('POST', `${path}/test`), done: 'Sent.' })}>
              Send a test
            </Button>
          )}
          {shown && (
            <Button kind="warn" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          )}
        </Buttons>
      </Form>
      {isDeleting && (
        <Confirm
          title={`Delete ${name}?`}
          action="Delete"
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await request('DELETE', path);
            work.reset();
            await reread();
          }}
        >
          Its stored webhook URL is lost, and no message goes there any more.
        </Confirm>
      )}
    </Card>
  );
}
