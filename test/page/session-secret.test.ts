/** The backend follows the bootstrap Secret on a real API server, and somebody writes a new session secret into it. */
import { nanoid } from 'nanoid';
import { test } from 'vitest';
import { collectionPath, encodeEntry, objectPath } from '../../shared/kube/objects.ts';
import { givenNamespace } from '../fixtures/namespace.ts';
import { startBackend } from './backend.ts';
import { signUp } from './visitor.ts';

const encoded = (entries: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, encodeEntry(value)]));

test('a new session secret logs everybody out at once, in open pages, too', async () => {
  const { kube, name: namespace } = await givenNamespace('page-session');
  const [token, secret, newSecret] = [nanoid(48), nanoid(48), nanoid(48)];
  const data = encoded({ 'service-token': token, 'session-secret': secret });
  await kube.create(collectionPath('secrets', namespace), { metadata: { name: 'kure-bootstrap' }, data });
  const backend = await startBackend({
    KUBECONFIG: process.env['KUBECONFIG'] ?? '',
    POD_NAMESPACE: namespace,
    BOOTSTRAP_SECRET: 'kure-bootstrap',
    KEYRING_SECRET: 'kure-keyring',
    SERVICE_TOKEN: token,
  });
  const admin = await signUp(backend);
  await admin.open('/admin/users', 'Users');

  await kube.patch(objectPath('secrets', namespace, 'kure-bootstrap'), 'merge', { data: encoded({ 'session-secret': newSecret }) });
  await admin.sees('Log in');
  await admin.text('Your session has ended.').waitFor();
  await admin.enter('admin');
  await admin.sees('Users');
});
