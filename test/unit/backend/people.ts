/** People who use a backend under test: each keeps their cookie as a browser does. */
import type { LightMyRequestResponse } from 'fastify';
import { systemClock, type Clock } from '../../../shared/clock.ts';
import type { Role, User } from '../../../shared/contract/accounts.ts';
import type { Backend } from './harness.ts';

export const password = 'correct horse battery staple';

/** Runs with the system's clock, and can be moved ahead of it. */
export class MovableClock implements Clock {
  aheadMs = 0;

  now(): number {
    return Date.now() + this.aheadMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}

export interface Call {
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Person {
  readonly #backend: Backend;
  cookie: string | undefined;

  constructor(backend: Backend, cookie?: string) {
    this.#backend = backend;
    this.cookie = cookie;
  }

  async call(method: Method, url: string, payload?: object, { headers = {}, ...rest }: Call = {}): Promise<LightMyRequestResponse> {
    const cookie = this.cookie === undefined ? {} : { cookie: `theme=dark; kure_session=${this.cookie}` };
    const answer = await this.#backend.app.inject({ method, url, headers: { ...cookie, ...headers }, ...(payload && { payload }), ...rest });
    const session = answer.cookies.find(({ name }) => name === 'kure_session');
    if (session) this.cookie = session.value || undefined;
    return answer;
  }

  async status(method: Method, url: string, payload?: object, call?: Call): Promise<number> {
    return (await this.call(method, url, payload, call)).statusCode;
  }

  logIn(username: string, secret = password, call?: Call): Promise<LightMyRequestResponse> {
    return this.call('POST', '/api/auth/login', { username, password: secret }, call);
  }

  async isIn(): Promise<boolean> {
    return (await this.status('GET', '/api/auth/me')) === 200;
  }

  async me(): Promise<User> {
    return (await this.call('GET', '/api/auth/me')).json<{ user: User }>().user;
  }
}

/** Makes the first admin, whose name is `admin`. */
export async function signUp(backend: Backend, username = 'admin'): Promise<Person> {
  const person = new Person(backend);
  const answer = await person.call('POST', '/api/auth/signup', { username, password });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return person;
}

export async function invite(backend: Backend, admin: Person, role: Role, username: string): Promise<Person> {
  const { token } = (await admin.call('POST', '/api/admin/invitations', { role })).json<{ token: string }>();
  const person = new Person(backend);
  const answer = await person.call('POST', '/api/auth/accept-invitation', { token, username, password });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return person;
}
