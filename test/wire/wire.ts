/**
 * Compares our answers with those of Kure Monitor 2.3. What a test expects is what upstream answers; where ours is another
 * one, the test names the row of docs/compatibility.md that says why, and fails if there is no difference any more.
 */
import type { LightMyRequestResponse } from 'fastify';
import { expect } from 'vitest';
import { asService, startBackend, tokenA, type Backend, type BackendOptions } from '../unit/backend/harness.ts';
import { invite, Person, signUp } from '../unit/backend/people.ts';
import { differences } from './differences.ts';

/** More than it may be there: clients ignore what they do not know. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** What we answer or do instead, as the row of docs/compatibility.md says. */
export function ours<T extends object>(row: string, instead: T): T {
  if (!differences.has(row)) throw new Error(`docs/compatibility.md has no row ${row}`);
  return instead;
}

export function compare(response: LightMyRequestResponse, upstream: Answer, instead?: Answer): void {
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  const body: unknown = isJson ? response.json() : response.body;
  compareValues({ status: response.statusCode, headers: response.headers, body }, upstream, instead);
}

/** The same for anything else that both do. */
export function compareValues(actual: unknown, upstream: object, instead?: object): void {
  if (!instead) return expect(actual).toMatchObject(upstream);
  expect(actual).not.toMatchObject(upstream);
  expect(actual).toMatchObject(instead);
}

/** An error as upstream's programs and dashboard read it. */
export const refusal = (status: number, message: unknown): Answer => ({
  status,
  body: { error: `HTTP ${status} Error`, message },
});

/** What does not fit the schema. */
export const invalid: Answer = { status: 422, body: { detail: [{ type: expect.any(String), loc: expect.any(Array), msg: expect.any(String) }] } };

export interface Told {
  readonly type: string;
  readonly data: unknown;
}

export interface Wire {
  readonly backend: Backend;
  readonly nobody: Person;
  readonly admin: Person;
  readonly write: Person;
  readonly read: Person;
  /** With the service token. */
  readonly service: Person;
  /** What was broadcast since the last time it was asked for. */
  readonly told: () => Told[];
}

/** A backend with one account of each role. */
export async function startWire(options: BackendOptions = {}): Promise<Wire> {
  const backend = await startBackend(options);
  let told: Told[] = [];
  backend.feed.onTold((message) => told.push(JSON.parse(message.text()) as Told));
  const admin = await signUp(backend);
  return {
    backend,
    nobody: new Person(backend),
    admin,
    write: await invite(backend, admin, 'write', 'writer'),
    read: await invite(backend, admin, 'read', 'reader'),
    service: new ServiceClient(backend),
    told: () => {
      const since = told;
      told = [];
      return since;
    },
  };
}

class ServiceClient extends Person {
  override call(...[method, url, payload, call = {}]: Parameters<Person['call']>) {
    return super.call(method, url, payload, { ...call, headers: { ...asService(tokenA), ...call.headers } });
  }
}
