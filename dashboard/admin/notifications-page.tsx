import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Static } from 'typebox';
import type { Notification, notificationProviders } from '../../shared/contract/administration.ts';
import { keys } from '../api/keys.ts';
import { get, request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
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

function Channel({ provider, name, shown }: { readonly provider: string; readonly name: string; readonly shown: Shown | undefined }) {
  const client = useQueryClient();
  const work = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.notifications }),
  });
  const trial = useMutation({ mutationFn: () => request('POST', `/api/admin/notifications/${provider}/test`) });
  return (
    <Card title={name}>
      <Form
        onSend={(form) => {
          const url = formText(form, 'webhook_url').trim();
          const body = { provider, enabled: formText(form, 'enabled') === 'on', config: url === '' ? {} : { webhook_url: url } };
          work.mutate(async () => {
            await request('POST', '/api/admin/notifications', body);
            form.reset();
          });
        }}
      >
        <TextField
          label="Webhook URL"
          name="webhook_url"
          type="url"
          autoComplete="off"
          required={!shown}
          hint={shown ? `Stored: ${shown.config.webhook_url || 'it cannot be decrypted, enter it again'} (empty keeps it)` : undefined}
        />
        <Switch key={String(shown?.enabled)} label="Enabled" name="enabled" defaultChecked={shown?.enabled ?? false} />
        {work.isError && <Failed error={work.error} />}
        {trial.isError && <Failed error={trial.error} />}
        <div role="status">
          {work.isSuccess && <Note tone="good">Saved.</Note>}
          {trial.isSuccess && <Note tone="good">Sent.</Note>}
        </div>
        <Buttons>
          <Button kind="primary" type="submit" isBusy={work.isPending}>
            Save
          </Button>
          {shown && (
            <Button isBusy={trial.isPending} onClick={() => trial.mutate()}>
              Send a test
            </Button>
          )}
          {shown && (
            <Button kind="warn" onClick={() => work.mutate(() => request('DELETE', `/api/admin/notifications/${provider}`))}>
              Delete
            </Button>
          )}
        </Buttons>
      </Form>
    </Card>
  );
}
