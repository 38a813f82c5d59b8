/** Decides what is shown: the first visit, the login, or the dashboard. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Route, Switch } from 'wouter';
import { keys } from '../api/keys.ts';
import { get, onRefused } from '../api/request.ts';
import { AuthFrame } from '../auth/auth-frame.tsx';
import { InvitePage } from '../auth/invite.tsx';
import { LoginPage } from '../auth/login.tsx';
import { ResetPage } from '../auth/reset.tsx';
import { SignupPage } from '../auth/signup.tsx';
import { Failed, Skeleton } from '../design/states.tsx';
import { UserContext, useMe } from './session.tsx';
import { Shell } from './shell.tsx';

export function App() {
  return (
    <Switch>
      <Route path="/invite/:token">{({ token }) => <InvitePage token={token} />}</Route>
      <Route path="/reset-password/:token">{({ token }) => <ResetPage token={token} />}</Route>
      <Route>
        <Entrance />
      </Route>
    </Switch>
  );
}

function Entrance() {
  const client = useQueryClient();
  const me = useMe();
  const hadUser = useRef(false);
  const isOutside = me.data === null;
  const status = useQuery({
    queryKey: keys.status,
    queryFn: () => get<{ setup_required: boolean }>('/api/auth/status'),
    enabled: isOutside,
    staleTime: 0,
  });

  useEffect(() => onRefused(() => void client.invalidateQueries({ queryKey: keys.me })), [client]);
  useEffect(() => {
    if (me.data) hadUser.current = true;
  }, [me.data]);

  if (me.data) {
    return (
      <UserContext value={me.data}>
        <Shell key={me.data.id} />
      </UserContext>
    );
  }
  const failure = me.error ?? status.error;
  if (failure) {
    return (
      <AuthFrame title="Nothing can be shown">
        <Failed error={failure} onRetry={() => void client.refetchQueries()} />
      </AuthFrame>
    );
  }
  if (!isOutside || !status.data) return <Skeleton />;
  return status.data.setup_required ? <SignupPage /> : <LoginPage hasEnded={hadUser.current} />;
}
