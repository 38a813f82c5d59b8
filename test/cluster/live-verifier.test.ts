/**
 * The live verifier against a real API server, with no operator: this test writes the keyring. The backend runs as a
 * process of its own with the rights of its service account, and reaches the API server through a wire that can be cut.
 */
import { writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Attestation } from '../../shared/contract/attestation.ts';
import { keyringEntry, serializeKeyring, type Generation, type KeyRecord } from '../../shared/credential/keyring.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { collectionPath, encodeEntry, objectPath, type Secret } from '../../shared/kube/objects.ts';
import { uniqueName } from '../fixtures/unique-name.ts';
import { startChildBackend, type ChildBackend } from '../unit/backend/child-backend.ts';
import { asService, temporaryDirectory, tokenA, tokenB } from '../unit/backend/harness.ts';

const names = { bootstrap: 'kure-bootstrap', keyring: 'kure-keyring' };
const soon = { timeout: 5_000, interval: 50 };

/** A wire to the API server. Cut, it refuses connections; open ones are broken. */
async function stringWire(target: URL): Promise<{ port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(target.port || 443), target.hostname);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
    }
  });
  const cut = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(cut);
  return { port: (server.address() as AddressInfo).port, cut };
}

async function startNamespace() {
  const kube = new KubeClient(await connect(), 'kure-test');
  const namespace = uniqueName('live-verifier');
  await kube.create('/api/v1/namespaces', { metadata: { name: namespace } });
  onTestFinished(async () => void (await kube.delete(`/api/v1/namespaces/${namespace}`)));
  const secrets = collectionPath('secrets', namespace);

  return {
    kube,
    namespace,
    create: (name: string, data: Record<string, string>) =>
      kube.create<Secret>(secrets, { metadata: { name }, data: encoded(data) }),
    edit: (name: string, data: Record<string, string>) =>
      kube.patch<Secret>(objectPath('secrets', namespace, name), 'merge', { data: encoded(data) }),
    remove: (name: string) => kube.delete(objectPath('secrets', namespace, name)),
    /** What the chart grants: get, list and watch on these names and nothing else. */
    async grant(...resourceNames: string[]) {
      const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      const name = `backend-${resourceNames.join('-')}`;
      const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['get', 'list', 'watch'] }];
      await kube.create(`${roles}/roles`, { metadata: { name }, rules });
      await kube.create(`${roles}/rolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name: 'backend', namespace }],
      });
    },
  };
}

type Namespace = Awaited<ReturnType<typeof startNamespace>>;

const encoded = (data: Record<string, string>) =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeEntry(value)]));

async function startVerifier({ kube, namespace }: Namespace) {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await kube.create(accounts, { metadata: { name: 'backend' } });
  const { status } = await kube.create<{ status: { token: string } }>(`${accounts}/backend/token`, { spec: {} });
  const admin = new KubeConfig();
  admin.loadFromDefault();
  const real = admin.getCurrentCluster()!;
  const url = new URL(real.server);
  const wire = await stringWire(url);
  const cluster = {
    server: `https://127.0.0.1:${wire.port}`,
    'certificate-authority-data': real.caData,
    'certificate-authority': real.caFile,
    'tls-server-name': url.hostname,
  };
  const directory = await temporaryDirectory();
  const kubeconfig = join(directory, 'kubeconfig');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'backend', user: { token: status.token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'backend', namespace } }],
      'current-context': 'test',
    }),
  );
  const backend = await startChildBackend({
    DATA_DIR: directory,
    KUBECONFIG: kubeconfig,
    BOOTSTRAP_SECRET: names.bootstrap,
    KEYRING_SECRET: names.keyring,
    SERVICE_TOKEN: 'an-environment-that-must-not-count-any-more',
  });
  return { backend, wire };
}

async function present({ port }: ChildBackend, token: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/admin/excluded-pods`, { headers: asService(token) });
  return { status: answer.status, body: await answer.text() };
}

async function attestation({ port }: ChildBackend, token: string): Promise<Attestation> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/bootstrap/attestation`, { headers: asService(token) });
  return (await answer.json()) as Attestation;
}

async function metrics({ port }: ChildBackend): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
}

async function isReady({ port }: ChildBackend): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
}

function generation(name: string, value: string, secret: Secret): Generation {
  return { name, value, recordedFrom: secret.metadata.resourceVersion, recordedAt: new Date().toISOString(), origin: 'edited' };
}

function keyring(record: KeyRecord): Record<string, string> {
  return { [keyringEntry]: serializeKeyring({ keys: { 'service-token': record }, history: [] }) };
}

it('accepts what is written before anybody can present it, and refuses what is retired', async () => {
  const namespace = await startNamespace();
  await namespace.create(names.bootstrap, { 'service-token': tokenA });
  await namespace.grant(names.bootstrap, names.keyring);
  const { backend, wire } = await startVerifier(namespace);
  await vi.waitFor(async () => expect(await isReady(backend)).toBe(true), soon);
  expect(await attestation(backend, tokenA)).toMatchObject({ accepted: [], unnamed: 1 });
  expect((await present(backend, 'an-environment-that-must-not-count-any-more')).status).toBe(401);

  const adopted = generation('gen-a', tokenA, await namespace.edit(names.bootstrap, { 'service-token': tokenA }));
  const settled: KeyRecord = { accepted: [adopted], retired: [], target: 'gen-a', committed: 'gen-a', committedFrom: adopted.recordedFrom };
  await namespace.create(names.keyring, keyring(settled));
  await vi.waitFor(async () => expect((await attestation(backend, tokenA)).accepted).toEqual(['gen-a']), soon);

  // With nobody but this test writing: every value is accepted in the moment its edit has returned, and stays so.
  const edits = Array.from({ length: 8 }, (_, index) => `${tokenB}${index}`);
  let newest: Secret | undefined;
  for (const value of edits) {
    newest = await namespace.edit(names.bootstrap, { 'service-token': value });
    expect((await present(backend, value)).status).toBe(200);
  }
  for (const value of [tokenA, ...edits]) expect((await present(backend, value)).status).toBe(200);

  const socket = new WebSocket(`ws://127.0.0.1:${backend.port}/ws?token=${tokenA}`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  const target = generation('gen-b', edits.at(-1)!, newest!);
  const retiredAt = new Date().toISOString();
  const committed: KeyRecord = {
    accepted: [target],
    retired: [{ name: 'gen-a', value: tokenA, retiredAt }],
    target: 'gen-b',
    committed: 'gen-b',
    committedFrom: target.recordedFrom,
  };
  await namespace.edit(names.keyring, keyring(committed));
  await vi.waitFor(async () => expect((await attestation(backend, target.value)).accepted).toEqual(['gen-b']), soon);
  expect(await attestation(backend, target.value)).toMatchObject({ unnamed: 0 });
  expect(await closed).toMatchObject([1008, expect.anything()]);
  expect((await present(backend, target.value)).status).toBe(200);
  expect(await present(backend, tokenA)).toMatchObject({ status: 401, body: expect.stringContaining(`retired at ${retiredAt}`) });
  expect((await present(backend, edits[0]!)).status).toBe(401);

  // Whatever puts the retired value back cannot make it accepted.
  await namespace.edit(names.bootstrap, { 'service-token': tokenA });
  expect((await present(backend, tokenA)).status).toBe(401);
  expect((await present(backend, target.value)).status).toBe(200);

  await namespace.remove(names.bootstrap);
  await namespace.remove(names.keyring);
  expect((await present(backend, target.value)).status).toBe(200);
  expect((await present(backend, tokenA)).status).toBe(401);

  expect(await metrics(backend)).toMatch(/kure_bootstrap_watch_missed_changes\{secret="kure-bootstrap"\} 0/);
  wire.cut();
  expect((await present(backend, target.value)).status).toBe(200);
  expect((await present(backend, tokenA)).status).toBe(401);
  expect((await present(backend, `${tokenB}unknown`)).status).toBe(401);
  expect(await metrics(backend)).toMatch(/kure_bootstrap_secret_reads_total\{outcome="failed"\} 1/);
  expect(await isReady(backend)).toBe(true);
  for (const value of [tokenA, ...edits]) expect(backend.output()).not.toContain(value);
});

it('is not ready while it may not read one of the two Secrets, and refuses nobody meanwhile', async () => {
  const namespace = await startNamespace();
  await namespace.create(names.bootstrap, { 'service-token': tokenA });
  await namespace.grant(names.bootstrap);
  const { backend } = await startVerifier(namespace);
  await vi.waitFor(() => expect(backend.output()).toContain('403'), soon);
  expect(await isReady(backend)).toBe(false);
  expect((await present(backend, tokenA)).status).toBe(503);
  await namespace.grant(names.keyring);
  await vi.waitFor(async () => expect(await isReady(backend)).toBe(true), { timeout: 60_000, interval: 200 });
  expect((await present(backend, tokenA)).status).toBe(200);
});

it('is ready as soon as the bootstrap Secret appears', async () => {
  const namespace = await startNamespace();
  await namespace.grant(names.bootstrap, names.keyring);
  const { backend } = await startVerifier(namespace);
  expect(await isReady(backend)).toBe(false);
  await namespace.create(names.bootstrap, { 'service-token': tokenA });
  await vi.waitFor(async () => expect(await isReady(backend)).toBe(true), soon);
  expect((await present(backend, tokenA)).status).toBe(200);
});
