import { request } from '../api/request.ts';
import { AccountForm } from './account-form.tsx';
import { AuthFrame } from './auth-frame.tsx';
import { useEnter } from './use-enter.ts';

export function ResetPage({ token }: { readonly token: string }) {
  const enter = useEnter();
  return (
    <AuthFrame title="Set a new password" lead="The link can be used once. All sessions of the account have ended.">
      <AccountForm
        isReset
        action="Set password"
        onSubmit={({ password }) => request('POST', '/api/auth/reset-password', { token, password })}
        onDone={enter}
      />
    </AuthFrame>
  );
}
