/** The operator's view against the real API server: what it is sent, what it remembers, whom it wakes. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Release } from '../../operator/model/release.ts';
import { ClusterView, type Scope } from '../../operator/observe/cluster-view.ts';
import { systemClock } from '../../shared/clock.ts';
import { KubeClient, type Query } from '../../shared/kube/client.ts';
import { collectionPath, encodeEntry, objectPath, type KubeObject, type Secret } from '../../shared/kube/objects.ts';
import { createLogger } from '../../shared/log.ts';
import { FaultProxy } from '../fixtures/fault-proxy.ts';
import { identity } from '../fixtures/identity.ts';
import { givenNamespace, type TestNamespace } from '../fixtures/namespace.ts';

const soon = { timeout: 20_000, interval: 20 };

const releaseIn = (namespace: string, base: string): Release => ({
  namespace,
  name: base,
  bootstrapSecret: `${base}-bootstrap`,
  encryptionSecret: `${base}-encryption`,
  keyringSecret: `${base}-keyring`,
  rotationConfigMap: `${base}-rotation`,
  external: false,
  own: false,
  entries: { 'service-token': 'service-token', 'session-secret': 'session-secret', 'encryption-key': 'encryption-key' },
});

/** Remembers every byte of an answer. */
class RecordingClient extends KubeClient {
  readonly received: string[] = [];

  override async get<T>(path: string, query?: Query, deadlineMs?: number, signal?: AbortSignal): Promise<T> {
    const answer = await super.get<T>(path, query, deadlineMs, signal);
    this.received.push(JSON.stringify(answer));
    return answer;
  }

  override async *lines(path: string, query: Query, deadlineMs: number, signal: AbortSignal): AsyncGenerator<string> {
    for await (const line of super.lines(path, query, deadlineMs, signal)) {
      this.received.push(line);
      yield line;
    }
  }
}

type ScopeOf = (release: Release) => Scope;
const scopes: [string, ScopeOf][] = [
  ['of one release', (release) => ({ kind: 'release', release })],
  ['of the whole cluster', () => ({ kind: 'cluster' })],
];

/** A started view, through a proxy that can hold its watches back. */
async function givenView(namespace: TestNamespace, scope: Scope) {
  const proxy = await FaultProxy.start(namespace.connection);
  const connection = proxy.connection();
  const client = new RecordingClient(connection, 'kure-test');
  const woken: string[] = [];
  const onChange = (release: Release) => void woken.push(`${release.namespace}/${release.name}`);
  const view = new ClusterView({ client, scope, clock: systemClock, log: createLogger('test', 'silent'), onChange });
  onTestFinished(async () => {
    await view.stop();
    connection.agent.destroy();
    await proxy.stop();
  });
  await view.start();
  return { view, proxy, client, woken };
}

const container = (secret: string) => ({
  name: 'main',
  image: 'registry.invalid/none',
  env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: secret, key: secret.endsWith('-encryption') ? 'encryption-key' : 'service-token' } } }],
});

/** What tests put into a namespace; every write answers with the object. */
function inNamespace({ kube, name: namespace }: TestNamespace) {
  const create = <T extends KubeObject>(collection: Parameters<typeof collectionPath>[0], body: object) =>
    kube.create<T>(collectionPath(collection, namespace), body);
  return {
    secret: (name: string, kind?: string, value = 'a value') =>
      create<Secret>('secrets', {
        metadata: { name, ...(kind && { labels: { 'bootstrap.kure.io/secret': kind, 'app.kubernetes.io/instance': name.replace(/-\w+$/, '') } }) },
        data: { 'service-token': encodeEntry(value) },
      }),
    edit: (name: string, value: string) =>
      kube.patch<Secret>(objectPath('secrets', namespace, name), 'merge', { data: { 'service-token': encodeEntry(value) } }),
    /** Stays unscheduled, so that it is gone as soon as it is deleted. */
    pod: (name: string, secret: string) =>
      // A new namespace has no service account for a moment.
      vi.waitFor(
        () => create('pods', { metadata: { name }, spec: { nodeSelector: { no: 'such-node' }, containers: [container(secret)] } }),
        soon,
      ),
    statefulSet: (name: string, secret: string) => {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: { containers: [container(secret)] } };
      return create('statefulsets', { metadata: { name }, spec: { replicas: 0, serviceName: name, selector: { matchLabels: labels }, template } });
    },
    readsInstead: (name: string, secret: string) =>
      kube.patch(objectPath('statefulsets', namespace, name), 'merge', { spec: { template: { spec: { containers: [container(secret)] } } } }),
    annotate: (collection: 'pods' | 'statefulsets', name: string) =>
      kube.patch(objectPath(collection, namespace, name), 'merge', { metadata: { annotations: { touched: String(performance.now()) } } }),
    remove: (collection: 'pods' | 'secrets', name: string) =>
      kube.delete(objectPath(collection, namespace, name), { gracePeriodSeconds: 0 }),
  };
}

const secretsOf = (view: ClusterView, release: Release) =>
  Object.fromEntries(Object.entries(view.remembered(release).secrets).map(([kind, secret]) => [kind, identity(secret)]));
const namesOf = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name).toSorted();

describe.each(scopes)('a view %s', (_name, scopeOf) => {
  it('holds the three Secrets and their readers, remembered as read anew', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    const release = releaseIn(namespace.name, 'web');
    for (const kind of ['bootstrap', 'encryption', 'keyring']) await at.secret(`web-${kind}`, kind);
    await at.statefulSet('reader', 'web-bootstrap');
    await at.statefulSet('stranger', 'other');
    await at.pod('reader-0', 'web-bootstrap');
    await at.pod('stranger-0', 'other');
    const { view } = await givenView(namespace, scopeOf(release));
    expect(view.isReady).toBe(true);
    expect(view.releases().filter(({ namespace }) => namespace === release.namespace)).toEqual([release]);
    await vi.waitFor(async () => expect(view.remembered(release)).toEqual(await view.readAnew(release)), soon);
    const { secrets, workloads, pods } = view.remembered(release);
    expect(Object.entries(secrets).map(([kind, { metadata }]) => `${kind} ${metadata.name}`)).toEqual([
      'bootstrap web-bootstrap',
      'encryption web-encryption',
      'keyring web-keyring',
    ]);
    expect(workloads).toMatchObject([{ kind: 'StatefulSet', name: 'reader', reads: ['service-token'] }]);
    expect(pods).toMatchObject([{ name: 'reader-0', reads: ['service-token'] }]);
    await vi.waitFor(() => expect(view.remembered(release).pods[0]?.trouble).toMatch(/^Unschedulable: /), soon);
    expect(view.stats().map(({ missed }) => missed)).toEqual(view.stats().map(() => 0));
  });

  it('is never sent a foreign Secret', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    const release = releaseIn(namespace.name, 'web');
    await at.secret('web-bootstrap', 'bootstrap');
    await at.secret('foreign', undefined, 'foreign before');
    const { view, client } = await givenView(namespace, scopeOf(release));
    await at.edit('foreign', 'foreign after');
    await at.secret('another', undefined, 'foreign, too');
    await at.edit('web-bootstrap', 'ours');
    await vi.waitFor(() => expect(view.remembered(release).secrets.bootstrap?.data?.['service-token']).toBe(encodeEntry('ours')), soon);
    await view.readAnew(release);
    const received = client.received.join('\n');
    expect(received).toContain(encodeEntry('ours'));
    for (const value of ['foreign before', 'foreign after', 'foreign, too']) expect(received).not.toContain(encodeEntry(value));
  });

  it('is true after a pod was replaced under the same name', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    const release = releaseIn(namespace.name, 'web');
    await at.secret('web-bootstrap', 'bootstrap');
    await at.pod('reader', 'web-bootstrap');
    await at.pod('former', 'web-bootstrap');
    const { view } = await givenView(namespace, scopeOf(release));
    expect(namesOf(view.remembered(release).pods)).toEqual(['former', 'reader']);
    await at.remove('pods', 'reader');
    await at.remove('pods', 'former');
    const { metadata } = await at.pod('reader', 'web-encryption');
    await at.pod('former', 'other');
    const reader = { name: 'reader', uid: metadata.uid, reads: ['encryption-key'] };
    await vi.waitFor(() => expect(view.remembered(release).pods).toMatchObject([reader]), soon);
  });

  it('takes over a write of its own at once, and is not woken for it again', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    const release = releaseIn(namespace.name, 'web');
    await at.secret('web-bootstrap', 'bootstrap');
    const { view, proxy, woken } = await givenView(namespace, scopeOf(release));
    const watches = view.stats().length;
    await vi.waitFor(() => expect(proxy.openWatches).toBe(watches), soon);
    proxy.freeze();
    const ours = await at.edit('web-bootstrap', 'ours');
    const keyring = await at.secret('web-keyring', 'keyring');
    view.wrote(ours);
    view.wrote(keyring);
    const written = { bootstrap: identity(ours), keyring: identity(keyring) };
    expect(secretsOf(view, release)).toEqual(written);
    const told = woken.length;
    proxy.thaw();
    // What comes after our own writes on the same watches.
    const later = { bootstrap: identity(await at.edit('web-bootstrap', 'later')), keyring: identity(await at.edit('web-keyring', 'later')) };
    await vi.waitFor(() => expect(secretsOf(view, release)).toEqual(later), soon);
    const web = `${namespace.name}/web`;
    expect(woken.slice(told).filter((id) => id === web)).toEqual([web, web]);
    expect(view.stats().reduce((sum, { missed }) => sum + missed, 0)).toBe(0);
  });
});

describe('a view of the whole cluster', () => {
  it('wakes only the releases that a change concerns', async () => {
    const [blue, green] = [await givenNamespace('view'), await givenNamespace('view')];
    const [atBlue, atGreen] = [inNamespace(blue), inNamespace(green)];
    for (const at of [atBlue, atGreen]) await at.secret('web-bootstrap', 'bootstrap');
    await atBlue.secret('api-bootstrap', 'bootstrap');
    await atBlue.statefulSet('moving', 'web-bootstrap');
    const { view, woken } = await givenView(blue, { kind: 'cluster' });
    const ids = { web: `${blue.name}/web`, api: `${blue.name}/api`, green: `${green.name}/web` };
    const releases = [releaseIn(blue.name, 'web'), releaseIn(blue.name, 'api'), releaseIn(green.name, 'web')];
    /** All that the controllers have to say has come, too. */
    const settled = async () => {
      for (const release of releases) {
        const { workloads, pods, ...rest } = await view.readAnew(release);
        expect(view.remembered(release)).toEqual({ workloads, pods, ...rest });
        expect(workloads.every(({ rollout }) => rollout.observed) && pods.every(({ trouble }) => trouble)).toBe(true);
      }
    };
    /** Who is woken by the change. */
    const wakes = async (change: () => Promise<unknown>, ...expected: string[]) => {
      await vi.waitFor(settled, soon);
      woken.length = 0;
      await change();
      const ours = () => [...new Set(woken.filter((id) => Object.values(ids).includes(id)))].toSorted();
      await vi.waitFor(() => expect(ours()).toEqual(expect.arrayContaining(expected)), soon);
      await vi.waitFor(settled, soon);
      expect(ours()).toEqual(expected.toSorted());
    };
    expect(view.releases().map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(expect.arrayContaining(Object.values(ids)));
    await wakes(() => atBlue.pod('pod', 'web-bootstrap'), ids.web);
    await wakes(() => atBlue.annotate('pods', 'pod'), ids.web);
    await wakes(() => atBlue.remove('pods', 'pod'), ids.web);
    await wakes(() => atBlue.edit('api-bootstrap', 'edited'), ids.api);
    await wakes(() => atGreen.statefulSet('reader', 'web-encryption'), ids.green);
    // A workload leaves one release for another: both must know.
    await wakes(() => atBlue.readsInstead('moving', 'api-bootstrap'), ids.web, ids.api);
    expect(namesOf(view.remembered(releaseIn(blue.name, 'web')).workloads)).toEqual([]);
    expect(namesOf(view.remembered(releaseIn(blue.name, 'api')).workloads)).toEqual(['moving']);
    // Foreign things wake nobody: what comes after them on each watch does so alone.
    const foreign = async () => {
      await atBlue.statefulSet('foreign', 'other');
      await atBlue.statefulSet('absent', 'absent-bootstrap');
      await atBlue.pod('foreign', 'other');
      await atGreen.annotate('statefulsets', 'reader');
      await atGreen.pod('reader-0', 'web-bootstrap');
    };
    await wakes(foreign, ids.green);
  });

  it('finds the readers of a release that appears after them', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    await at.statefulSet('reader', 'late-bootstrap');
    await at.pod('reader-0', 'late-encryption');
    const { view, woken } = await givenView(namespace, { kind: 'cluster' });
    const release = releaseIn(namespace.name, 'late');
    expect(view.releases()).not.toContainEqual(release);
    await at.secret('late-bootstrap', 'bootstrap');
    await vi.waitFor(() => expect(woken).toContain(`${namespace.name}/late`), soon);
    expect(view.releases()).toContainEqual(release);
    const { workloads, pods } = view.remembered(release);
    expect([namesOf(workloads), namesOf(pods)]).toEqual([['reader'], ['reader-0']]);
  });

  it('keeps a release whose bootstrap Secret is deleted as long as its keyring is there', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    await at.secret('web-bootstrap', 'bootstrap');
    await at.secret('web-keyring', 'keyring');
    const { view, woken } = await givenView(namespace, { kind: 'cluster' });
    const release = releaseIn(namespace.name, 'web');
    const gone = async (name: string) => {
      woken.length = 0;
      await at.remove('secrets', name);
      await vi.waitFor(() => expect(woken).toContain(`${namespace.name}/web`), soon);
    };
    await gone('web-bootstrap');
    expect(view.releases()).toContainEqual(release);
    expect(Object.keys(view.remembered(release).secrets)).toEqual(['keyring']);
    await gone('web-keyring');
    expect(view.releases()).not.toContainEqual(release);
  });

  it('reads nothing anew that its watches would not show', async () => {
    const namespace = await givenNamespace('view');
    const at = inNamespace(namespace);
    await at.secret('web-bootstrap', 'bootstrap');
    await at.secret('web-encryption', undefined, 'not labelled');
    const { view, client } = await givenView(namespace, { kind: 'cluster' });
    const release = releaseIn(namespace.name, 'web');
    expect(Object.keys((await view.readAnew(release)).secrets)).toEqual(['bootstrap']);
    expect(client.received.join('\n')).not.toContain(encodeEntry('not labelled'));
  });
});
