/** Calls of the backend: same origin, by cookie, JSON both ways. Throws RequestProblem. */
import { problemOf, RequestProblem, unreachable } from './problem.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const refusals = new EventTarget();

/** Tells of every 401 and 403: the session has ended, or the role has changed. */
export function onRefused(listener: () => void): () => void {
  refusals.addEventListener('refused', listener);
  return () => refusals.removeEventListener('refused', listener);
}

export async function request<T>(method: Method, path: string, body?: object): Promise<T> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new RequestProblem(0, unreachable);
  });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const answer: unknown = isJson ? await response.json().catch(() => undefined) : undefined;
  if (response.ok) return answer as T;
  if (isRefusal(response.status, path)) refusals.dispatchEvent(new Event('refused'));
  throw problemOf(response.status, answer, response.headers.get('retry-after'));
}

/** A wrong password at the login is no end of a session. */
const isRefusal = (status: number, path: string): boolean =>
  (status === 401 || status === 403) && !path.startsWith('/api/auth/');

export const get = <T>(path: string): Promise<T> => request<T>('GET', path);
