/** The program itself, in the environment of its image, with the first admin in it. */
import { environment } from '../../testbed/oci/programs.ts';
import { temporaryDirectory, tokenA } from '../unit/backend/harness.ts';
import { startChildBackend, type ChildBackend } from '../unit/backend/child-backend.ts';

export interface Attacked extends ChildBackend {
  readonly url: string;
  /** Of the first admin. */
  readonly cookie: string;
  readonly password: string;
  readonly directory: string;
}

/** Who keeps more than this of what was sent ends, out of memory. */
const heap = '--max-old-space-size=128';

export async function startAttacked(env: Record<string, string> = {}, directory?: string): Promise<Attacked> {
  const data = directory ?? (await temporaryDirectory());
  const program = await startChildBackend({ ...environment('backend'), DATA_DIR: data, SERVICE_TOKEN: tokenA, NODE_OPTIONS: heap, ...env });
  const url = `http://127.0.0.1:${program.port}`;
  const password = 'a password that must be in no log';
  const path = directory === undefined ? 'signup' : 'login';
  const answer = await fetch(`${url}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
  return { ...program, url, cookie, password, directory: data };
}
