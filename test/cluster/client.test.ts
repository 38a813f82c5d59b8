/** The client against the real API server, directly and through a proxy that breaks things. */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, onTestFinished } from 'vitest';
import { KubeClient } from '../../shared/kube/client.ts';
import { KubeError, remedyFor, type Remedy } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath } from '../../shared/kube/objects.ts';
import { answers, cutsOff, FaultProxy, keepsSilent, neverAnswers, says, type Fault } from '../fixtures/fault-proxy.ts';
import { givenNamespace, type ConfigMap } from '../fixtures/namespace.ts';

async function givenClient() {
  const namespace = await givenNamespace('client');
  const proxy = await FaultProxy.start(namespace.connection);
  const connection = proxy.connection();
  onTestFinished(async () => {
    connection.agent.destroy();
    await proxy.stop();
  });
  const path = (name: string) => objectPath('configmaps', namespace.name, name);
  return { namespace, proxy, connection, path, client: new KubeClient(connection, 'kure-test') };
}

async function errorOf(call: Promise<unknown>): Promise<KubeError> {
  const error: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(KubeError);
  return error as KubeError;
}

async function read(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

const never = new AbortController().signal;

it('writes only what was judged: a version that somebody else has overtaken is a conflict', async () => {
  const { namespace, client, path } = await givenClient();
  const judged = await namespace.create('a', { key: 'one' });
  await namespace.edit('a', { key: 'two' });
  const { resourceVersion } = judged.metadata;
  const write = client.patch(path('a'), 'merge', { metadata: { resourceVersion }, data: { key: 'three' } });
  expect(remedyFor(await errorOf(write))).toBe('conflict');
  const replacement = client.replace(path('a'), { ...judged, data: { key: 'three' } });
  expect(remedyFor(await errorOf(replacement))).toBe('conflict');
  expect((await client.get<ConfigMap>(path('a'))).data).toEqual({ key: 'two' });
});

it('writes under its own field manager', async () => {
  const { namespace, client, path } = await givenClient();
  await namespace.create('a');
  const { metadata } = await new KubeClient((await givenClient()).connection, 'somebody').patch<ConfigMap>(path('a'), 'merge', {
    data: { key: 'one' },
  });
  expect(metadata.managedFields?.map(({ manager }) => manager)).toEqual(['kure-test', 'somebody']);
  expect((await client.get<ConfigMap>(path('a'))).data).toEqual({ key: 'one' });
});

it.each<[string, Remedy, (client: KubeClient, namespace: string) => Promise<unknown>]>([
  ['an object that is not there', 'missing', (client, namespace) => client.get(objectPath('configmaps', namespace, 'a'))],
  ['a version from the future', 'relist', (client, namespace) =>
    client.get(collectionPath('configmaps', namespace), { resourceVersion: '999999999999' })],
  ['an object that the server will not take', 'refused', (client, namespace) =>
    client.create(collectionPath('configmaps', namespace), { metadata: { name: 'NOT A NAME' } })],
])('tells what to do about %s: %s', async (_name, remedy, call) => {
  const { client, namespace } = await givenClient();
  expect(remedyFor(await errorOf(call(client, namespace.name)))).toBe(remedy);
});

it('makes a hundred calls over one connection', async () => {
  const { namespace, proxy, client, path } = await givenClient();
  await namespace.create('a');
  for (let call = 0; call < 100; call += 1) await client.get(path('a'));
  expect(proxy.connections).toBe(1);
});

it('names the call in an error, and nothing of the query or the body', async () => {
  const { proxy, client, path } = await givenClient();
  proxy.next('other', answers(500), 2);
  const written = await errorOf(client.patch(path('a'), 'merge', { data: { key: 'the-value' } }, { dryRun: 'the-query' }));
  expect(written.message).toBe(`PATCH ${path('a')}: 500 injected`);
  const cut = await errorOf(client.create(collectionPath('configmaps'), { data: { key: 'the-value' } }));
  expect(cut.message).not.toContain('the-value');
});

it.each<[string, Fault, Partial<KubeError>]>([
  ['is never answered', neverAnswers, { status: 0, reason: 'ETIMEDOUT' }],
  ['is answered without an end', keepsSilent, { status: 0 }],
  ['is cut off', cutsOff, { status: 0, reason: 'ECONNRESET' }],
  ['is answered with something that is not JSON', says('<html>'), { status: 0, reason: 'BrokenAnswer' }],
  ['is put off by a busy server', answers(429, { 'retry-after': '7' }), { status: 429, retryAfterMs: 7_000 }],
])('fails within its deadline when a call %s', async (_name, fault, expected) => {
  const { namespace, proxy, client } = await givenClient();
  proxy.next('list', fault);
  const startedAt = performance.now();
  expect(await errorOf(client.get(namespace.path, {}, 300))).toMatchObject(expected);
  expect(performance.now() - startedAt).toBeLessThan(15_000); // without one of its own a call has 30 seconds
});

it('gives a call up when it is told to', async () => {
  const { namespace, proxy, client } = await givenClient();
  const giving = new AbortController();
  proxy.next('list', neverAnswers);
  const call = errorOf(client.get(namespace.path, {}, 60_000, giving.signal));
  giving.abort();
  expect((await call).message).toContain('given up');
  await errorOf(client.get(namespace.path, {}, 60_000, giving.signal));
});

it('yields lines as they were sent, wherever their bytes are cut', async () => {
  const { namespace, proxy, client } = await givenClient();
  const text = 'ä€😀\n\nlast, without an end';
  proxy.next('watch', (response) => {
    response.writeHead(200);
    void (async () => {
      for (const byte of Buffer.from(text)) {
        await new Promise((resolve) => {
          response.write(Buffer.of(byte), resolve);
        });
      }
      response.end();
    })();
  });
  expect(await read(client.lines(namespace.path, { watch: true }, 5_000, never))).toEqual(text.split('\n'));
});

it('fails, and does not merely end, when a stream is cut or outlives its deadline', async () => {
  const { namespace, proxy, client } = await givenClient();
  const follow = () => read(client.lines(namespace.path, { watch: true }, 300, never));
  proxy.next('watch', (response) => {
    response.writeHead(200).write('a line\n', () => response.destroy());
  });
  expect(await errorOf(follow())).toMatchObject({ status: 0, reason: 'ECONNRESET' });
  proxy.next('watch', keepsSilent);
  expect(await errorOf(follow())).toMatchObject({ status: 0 });
});

it('keeps nothing of a line that was handled', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { namespace, proxy, client } = await givenClient();
  const lineCount = 600;
  proxy.next('watch', (response) => {
    response.writeHead(200);
    void (async () => {
      for (let line = 0; line < lineCount; line += 1) {
        if (!response.write(`${String(line).repeat(50_000)}\n`)) await once(response, 'drain');
      }
    })();
  });
  collect();
  const before = process.memoryUsage().heapUsed;
  let read = 0;
  let growth = Infinity;
  for await (const line of client.lines(namespace.path, { watch: true }, 60_000, never)) {
    read += Number(line.length > 0);
    if (read < lineCount) continue;
    // While the stream is open: afterwards all of it goes anyway.
    collect();
    growth = process.memoryUsage().heapUsed - before;
    break;
  }
  expect(growth).toBeLessThan(20 * 2 ** 20);
});
