/** What is asked of a path in another way than the routes take it. */
import { expect, it } from 'vitest';
import { signUp } from './people.ts';
import { startBackend } from './harness.ts';

it.each([
  ['POST', '/ready', 'HEAD, GET'],
  ['QUERY', '/api/auth/login', 'POST'],
  ['OPTIONS', '/api/admin/users/7', 'PATCH, DELETE'],
  ['PATCH', '/api/security/findings/7', 'DELETE'],
  ['PATCH', '/api/security/findings/dismissed', 'HEAD, GET'],
  ['DELETE', '/api/security/findings/dismissed?id=7', 'HEAD, GET'],
])('%s %s is answered with the methods that there are', async (method, url, allow) => {
  const { app } = await startBackend();
  const answer = await app.inject({ method: method as 'POST', url });
  expect(answer).toMatchObject({ statusCode: 405, headers: expect.objectContaining({ allow }) });
});

it.each([
  ['POST', '/api/unknown', 404],
  ['DELETE', '/api/auth/login', 405],
  ['QUERY', '/health', 405],
])('%s %s is refused before its body is read, whatever it is', async (method, url, statusCode) => {
  const { app } = await startBackend();
  for (const body of [{ headers: { 'content-type': 'text/xml' }, payload: '<x/>' }, { headers: { 'content-type': 'application/json' }, payload: '{' }]) {
    expect(await app.inject({ method: method as 'POST', url, ...body })).toMatchObject({ statusCode });
  }
});

it('a field that is named like a part of the language is one that nobody knows', async () => {
  const admin = await signUp(await startBackend());
  const order = JSON.parse('{"pod_name":"web","__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}') as object;
  expect((await admin.call('POST', '/api/admin/excluded-pods', order)).statusCode).toBe(200);
  expect({}).not.toHaveProperty('isAdmin');
});
