import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useUser } from '../app/session.tsx';
import { keys } from '../api/keys.ts';
import { request } from '../api/request.ts';
import { passwordHint, passwordMistakes } from '../auth/new-account.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { focusMistake, Form, formText } from '../design/form.tsx';
import { Buttons, Card, Page } from '../design/page.tsx';
import { Failed, Note } from '../design/states.tsx';
import { Sessions } from './sessions.tsx';

export default function AccountPage() {
  const { username, role } = useUser();
  const [mistakes, setMistakes] = useState<ReturnType<typeof passwordMistakes>>({});
  const client = useQueryClient();
  const work = useMutation({
    mutationFn: (body: object) => request('POST', '/api/auth/change-password', body),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.sessions }),
  });
  return (
    <Page isNarrow title="Account" lead={`You are ${username}, with role ${role}.`}>
      <Card title="Change password" lead="All your other sessions end.">
        <Form
          onSend={(form) => {
            const text = (name: string): string => formText(form, name);
            const found = passwordMistakes({ password: text('password'), again: text('again') });
            setMistakes(found);
            if (focusMistake(form, found)) return;
            const body = { current_password: text('current'), new_password: text('password') };
            work.mutate(body, { onSuccess: () => form.reset() });
          }}
        >
          <TextField label="Current password" name="current" type="password" autoComplete="current-password" required />
          <TextField label="New password" name="password" type="password" autoComplete="new-password" hint={passwordHint} mistake={mistakes.password} required />
          <TextField label="New password again" name="again" type="password" autoComplete="new-password" mistake={mistakes.again} required />
          {work.isError && <Failed error={work.error} />}
          <div role="status">{work.isSuccess && <Note tone="good">The password is changed. All other sessions have ended.</Note>}</div>
          <Buttons>
            <Button kind="primary" type="submit" isBusy={work.isPending}>
              Change password
            </Button>
          </Buttons>
        </Form>
      </Card>
      <Sessions />
    </Page>
  );
}
