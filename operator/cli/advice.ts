/** What a person can do about a failure of which the API server, or its silence, says only what happened. */
import { KubeError } from '../../shared/kube/kube-error.ts';

/** Undefined where the message says it already. */
export function adviceOn(error: unknown): string | undefined {
  if (!(error instanceof KubeError)) return undefined;
  const { status, reason, message } = error;
  if (reason === 'GivenUp') return undefined;
  if (status === 401) return 'your credentials have expired or are not of this cluster: sign in again; `kubectl auth whoami` says whom the API server takes you for';
  if (status === 403 && message.includes('is forbidden: User')) return 'ask for that right: `kubectl auth can-i --list` shows yours, and the manual of the command line what each command needs';
  if (status === 0 && reason !== 'BrokenAnswer') return 'there is no connection to the API server: is it the right context? `kubectl cluster-info` asks the same one';
  return status === 429 || status >= 500 || status === 0 ? 'the API server is in trouble: try again in a while' : undefined;
}
