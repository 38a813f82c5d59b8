import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { focusMistake, Form, formText } from '../design/form.tsx';
import { Failed } from '../design/states.tsx';
import { mistakesOf, passwordHint, passwordMistakes, type AccountDraft, type AccountMistakes } from './new-account.ts';

interface AccountFormProps {
  readonly action: string;
  /** A password alone, for an account that is there. */
  readonly isReset?: boolean;
  readonly onSubmit: (draft: AccountDraft) => Promise<unknown>;
  readonly onDone: () => void;
}

export function AccountForm({ action, isReset = false, onSubmit, onDone }: AccountFormProps) {
  const [mistakes, setMistakes] = useState<AccountMistakes>({});
  const work = useMutation({ mutationFn: onSubmit, onSuccess: onDone });

  function send(form: HTMLFormElement): void {
    const text = (name: string): string => formText(form, name);
    const draft = { username: text('username').trim(), password: text('password'), again: text('again') };
    const found = isReset ? passwordMistakes(draft) : mistakesOf(draft);
    setMistakes(found);
    if (!focusMistake(form, found)) work.mutate(draft);
  }

  return (
    <Form onSend={send} noValidate>
      {!isReset && <TextField label="Username" name="username" autoComplete="username" mistake={mistakes.username} required />}
      <TextField
        label={isReset ? 'New password' : 'Password'}
        name="password"
        type="password"
        autoComplete="new-password"
        hint={passwordHint}
        mistake={mistakes.password}
        required
      />
      <TextField label="Password again" name="again" type="password" autoComplete="new-password" mistake={mistakes.again} required />
      {work.isError && <Failed error={work.error} />}
      <Button kind="primary" type="submit" isBusy={work.isPending}>
        {action}
      </Button>
    </Form>
  );
}
