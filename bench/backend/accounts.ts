/** One person's account, on the paths that both backends have. */
import type { Running, Started } from './contenders.ts';

const account = { username: 'admin', password: 'a long password' };

/** Makes the first account, which is logged in at once. */
export async function signUp(started: Started): Promise<Running> {
  const answer = await post(`${started.url}/api/auth/setup`);
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';');
  return { ...started, cookie };
}

export async function logIn({ url }: Started): Promise<void> {
  await post(`${url}/api/auth/login`);
}

async function post(url: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(account) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return answer;
}
