import { expect, test } from 'vitest';
import { startBackend } from './backend.ts';
import { signUp, visit } from './visitor.ts';

test('the first visitor makes the first admin and is in', async () => {
  const admin = await signUp(await startBackend());
  await admin.link('Users').click();
  await admin.sees('Users');
  await admin.text('admin (you)').waitFor();
});

test('the second visitor is asked to log in, and cannot become an admin however they try', async () => {
  const backend = await startBackend();
  await signUp(backend);
  const second = await visit(backend);
  await second.open('/', 'Log in');
  expect(await second.button('Create account').count()).toBe(0);
  const status = await second.page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username: 'second', password: 'correct horse battery staple' });
    return (await fetch('/api/auth/signup', { method: 'POST', headers, body })).status;
  });
  expect(status).toBe(409);
  await second.open('/pods', 'Log in');
});

test('of two who make the first admin at the same time one is told to log in', async () => {
  const backend = await startBackend();
  const [one, other] = [await visit(backend), await visit(backend)];
  await one.open('/', 'Create the first admin');
  await other.open('/', 'Create the first admin');
  await one.create('one');
  await one.sees('Failing pods');
  await other.create('other');
  await other.page.getByRole('alert').filter({ hasText: 'Ask them for an invitation, or reload the page to log in.' }).waitFor();
  await other.open('/', 'Log in');
});

test('what cannot be an account is said before it is sent', async () => {
  const visitor = await visit(await startBackend());
  await visitor.open('/', 'Create the first admin');
  await visitor.create('x', 'short', 'other');
  await visitor.text('Give 3 to 64 characters.').waitFor();
  await visitor.text('Give at least 8 characters.').waitFor();
  await visitor.text('The two passwords differ.').waitFor();
  await visitor.sees('Create the first admin');
});
