import type * as fs from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type * as files from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { KubeClient } from '../../../shared/kube/client.ts';
import { connect, type ConnectOptions } from '../../../shared/kube/connect.ts';

/** The files of a pod's own account; without KUBERNETES_SERVICE_HOST nobody looks for them. */
const isOfPod = (path: unknown): boolean => String(path).startsWith('/var/run/secrets/kubernetes.io/serviceaccount/');
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, existsSync: (path: string) => isOfPod(path) || real.existsSync(path) };
});
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof files>();
  return { ...real, readFile: (path: string, ...rest: []) => (isOfPod(path) ? Promise.resolve('') : real.readFile(path, ...rest)) };
});

const folder = mkdtempSync(join(tmpdir(), 'kure-connect-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  vi.stubEnv('HOME', folder);
  vi.stubEnv('KUBECONFIG', undefined);
  vi.stubEnv('KUBERNETES_SERVICE_HOST', undefined);
});
afterEach(() => vi.unstubAllEnvs());

/** A kubeconfig with the context `here`; a path. JSON is YAML. */
function kubeconfig(cluster: object, user: object = {}): string {
  const file = join(folder, 'config.json');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'monitoring' } }],
    'current-context': 'here',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe('what keeps it from connecting is said, with what to do next', () => {
  it('no kubeconfig at all', async () => {
    await expect(connect()).rejects.toThrow('there is no kubeconfig: set KUBECONFIG to the path of one');
  });

  it('a context that the kubeconfig does not have', async () => {
    const given = { kubeconfig: kubeconfig({ server: 'https://127.0.0.1:1' }), context: 'there' };
    await expect(connect(given)).rejects.toThrow('there is no context there in the kubeconfig; there is: here');
  });

  it('a program for credentials that is not there', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'no-such-program', interactiveMode: 'Never' };
    const given = kubeconfig({ server: 'https://127.0.0.1:1' }, { exec });
    await expect(connect({ kubeconfig: given })).rejects.toThrow(/^cannot use the kubeconfig: .*no-such-program.*; see whether `kubectl auth whoami` works$/);
  });
});

/** One for each context, in which everything but the user is its own; paths. */
function kubeconfigs(...contexts: readonly string[]): string[] {
  return contexts.map((context, index) => {
    const file = join(folder, `${index}.json`);
    const cluster = { name: context, cluster: { server: `https://${context}.example.org` } };
    const user = { name: 'u', user: { token: `of-${context}` } };
    const config = { clusters: [cluster], users: [user], contexts: [{ name: context, context: { cluster: context, user: 'u' } }], 'current-context': context };
    writeFileSync(file, JSON.stringify(config));
    return file;
  });
}

async function hostOf(paths: readonly string[], options: ConnectOptions = {}): Promise<string> {
  vi.stubEnv('KUBECONFIG', paths.join(':'));
  return (await connect(options)).baseUrl.hostname;
}

describe('several files in KUBECONFIG, as with kubectl', () => {
  it('the first one that has a current context chooses it, and all contexts are known', async () => {
    const both = kubeconfigs('first', 'second');
    expect(await hostOf(both)).toBe('first.example.org');
    expect(await hostOf(both, { context: 'second' })).toBe('second.example.org');
  });

  it('of what several define the first counts', async () => {
    vi.stubEnv('KUBECONFIG', kubeconfigs('first', 'second').join(':'));
    expect(await (await connect({ context: 'second' })).authorize()).toEqual({ Authorization: 'Bearer of-first' });
  });

  it('one that does not exist, or has nothing in it, is passed over', async () => {
    const empty = join(folder, 'empty.json');
    writeFileSync(empty, '');
    expect(await hostOf([join(folder, 'none.json'), empty, ...kubeconfigs('first')])).toBe('first.example.org');
  });

  it('none that exists is an error that names one', async () => {
    await expect(hostOf([join(folder, 'none.json'), join(folder, 'nor-this.json')])).rejects.toThrow(/^cannot read the kubeconfig: .*none\.json.*set KUBECONFIG/);
  });

  it('an empty one alone knows no cluster', async () => {
    await expect(hostOf(['/dev/null'])).rejects.toThrow('no cluster to talk to');
  });
});

/** Refuses all that it is asked for and writes it down; `url` is its own. */
async function refusingProxy() {
  const asked: string[] = [];
  const proxy = createServer(({ url = '' }, answer) => {
    asked.push(url);
    answer.writeHead(502).end();
  }).on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  return { asked, url: `http://127.0.0.1:${await listening(proxy)}` };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const failedCall = async (options?: ConnectOptions): Promise<void> =>
  expect(new KubeClient(await connect(options), 'test').get('/version')).rejects.toThrow('GET /version');

const noProxy = { HTTPS_PROXY: undefined, https_proxy: undefined, HTTP_PROXY: undefined, http_proxy: undefined, NO_PROXY: undefined, no_proxy: undefined };
const stubProxies = (env: object): void => {
  for (const [name, value] of Object.entries({ ...noProxy, ...env })) vi.stubEnv(name, value);
};

/** Nobody listens there; unlike 127.0.0.1 it is reached through a proxy. */
const server = 'https://0.0.0.0:1';

describe('a proxy', () => {
  it('that the kubeconfig names goes before that of the environment', async () => {
    const [own, other] = [await refusingProxy(), await refusingProxy()];
    stubProxies({ HTTPS_PROXY: other.url });
    await failedCall({ kubeconfig: kubeconfig({ server: 'https://api.example.org:6443', 'proxy-url': own.url }) });
    expect([own.asked, other.asked]).toEqual([['api.example.org:6443'], []]);
  });

  it.each<[string, object, string[]]>([
    ['https://api.example.org:6443', {}, ['api.example.org:6443']],
    ['http://api.example.org:8080', {}, ['http://api.example.org:8080/version']],
    [server, { NO_PROXY: '0.0.0.0/8' }, []],
    ['https://127.0.0.1:1', {}, []],
  ])('of the environment is used as kubectl does: %s, %j', async (url, env, expected) => {
    const proxy = await refusingProxy();
    stubProxies({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, ...env });
    await failedCall({ kubeconfig: kubeconfig({ server: url }) });
    expect(proxy.asked).toEqual(expected);
  });

  it('that cannot be used is said without its password', async () => {
    stubProxies({ HTTPS_PROXY: 'socks5://me:hidden@proxy.example.org' });
    const error: unknown = await connect({ kubeconfig: kubeconfig({ server }) }).catch((caught: unknown) => caught);
    expect(String(error)).toMatch(/^ConnectionError: cannot use the proxy of HTTPS_PROXY or HTTP_PROXY: (?!.*hidden)/);
  });

  it('that never answers holds no call beyond its deadline', async () => {
    const silent = createServer().on('connect', (_request, socket) => onTestFinished(() => void socket.destroy()));
    stubProxies({ HTTPS_PROXY: `http://127.0.0.1:${await listening(silent)}` });
    const connection = await connect({ kubeconfig: kubeconfig({ server }) });
    await expect(new KubeClient(connection, 'test').get('/version', {}, 50)).rejects.toThrow('GET /version: the deadline passed');
  });

  it('is not used inside a pod', async () => {
    const proxy = await refusingProxy();
    stubProxies({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '0.0.0.0');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '1');
    await failedCall();
    expect(proxy.asked).toEqual([]);
  });
});

it('takes a server without TLS, and tells it no secret', async () => {
  const told: unknown[] = [];
  const plain = createServer(({ headers }, answer) => {
    told.push(headers.authorization);
    answer.end('{"major":"1"}');
  });
  stubProxies({});
  const given = kubeconfig({ server: `http://127.0.0.1:${await listening(plain)}` }, { token: 'hidden' });
  expect(await new KubeClient(await connect({ kubeconfig: given }), 'test').get('/version')).toEqual({ major: '1' });
  expect(told).toEqual([undefined]);
});
