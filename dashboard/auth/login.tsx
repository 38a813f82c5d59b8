import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { User } from '../../shared/contract/accounts.ts';
import { keys } from '../api/keys.ts';
import { RequestProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import { Form, formText } from '../design/form.tsx';
import { Failed, Note } from '../design/states.tsx';
import { AuthFrame } from './auth-frame.tsx';

const usualPauseSeconds = 30;

export function LoginPage({ hasEnded }: { readonly hasEnded: boolean }) {
  const client = useQueryClient();
  const [secondsLeft, pause] = useCountdown();
  const work = useMutation({
    mutationFn: (credentials: object) => request<{ user: User }>('POST', '/api/auth/login', credentials),
    onSuccess: ({ user }) => client.setQueryData(keys.me, user),
    onError: (error) => {
      if (error instanceof RequestProblem && error.status === 429) pause(error.retryAfterSeconds ?? usualPauseSeconds);
    },
  });

  const isThrottled = secondsLeft > 0;
  const isOtherFailure = work.isError && !(work.error instanceof RequestProblem && work.error.status === 429);
  return (
    <AuthFrame title="Log in">
      {hasEnded && !work.isError && <Note>Your session has ended. Log in again to go on.</Note>}
      <Form onSend={(form) => work.mutate({ username: formText(form, 'username'), password: formText(form, 'password') })}>
        <TextField label="Username" name="username" autoComplete="username" required />
        <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
        <div role="alert">{isThrottled && <Note tone="medium">Too many attempts. Wait, then try again.</Note>}</div>
        {isOtherFailure && <Failed error={work.error} />}
        <Button kind="primary" type="submit" isBusy={work.isPending} disabled={isThrottled}>
          {isThrottled ? `Try again in ${secondsLeft} s` : 'Log in'}
        </Button>
      </Form>
    </AuthFrame>
  );
}

/** Seconds that are left, and what starts it. */
function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  const isRunning = left > 0;
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return [left, setLeft];
}
