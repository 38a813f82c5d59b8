import { useQueryClient } from '@tanstack/react-query';
import { request } from '../api/request.ts';
import { AccountForm } from './account-form.tsx';
import { AuthFrame } from './auth-frame.tsx';

export function SignupPage() {
  const client = useQueryClient();
  return (
    <AuthFrame title="Create the first admin" lead="There is no account yet. The first one is an admin, and can invite others.">
      <AccountForm
        action="Create account"
        onSubmit={({ username, password }) => request('POST', '/api/auth/signup', { username, password })}
        onDone={() => void client.invalidateQueries()}
      />
    </AuthFrame>
  );
}
