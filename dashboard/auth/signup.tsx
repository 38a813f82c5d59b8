import { useQueryClient } from '@tanstack/react-query';
import { RequestProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { AccountForm } from './account-form.tsx';
import { AuthFrame } from './auth-frame.tsx';

const tooLate = 'Somebody else has made the first admin meanwhile. Ask them for an invitation, or reload the page to log in.';

export function SignupPage() {
  const client = useQueryClient();
  return (
    <AuthFrame title="Create the first admin" lead="There is no account yet. The first one is an admin, and can invite others.">
      <AccountForm
        action="Create account"
        onSubmit={({ username, password }) => signUp({ username, password })}
        onDone={() => void client.invalidateQueries()}
      />
    </AuthFrame>
  );
}

async function signUp(account: object): Promise<void> {
  try {
    await request('POST', '/api/auth/signup', account);
  } catch (error) {
    if (error instanceof RequestProblem && error.status === 409) throw new RequestProblem(409, tooLate);
    throw error;
  }
}
