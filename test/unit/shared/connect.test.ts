import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { KubeClient } from '../../../shared/kube/client.ts';
import { connect } from '../../../shared/kube/connect.ts';

const folder = mkdtempSync(join(tmpdir(), 'kure-connect-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  vi.stubEnv('HOME', folder);
  vi.stubEnv('KUBECONFIG', undefined);
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

it('goes through the proxy that the kubeconfig names', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const connection = await connect({ kubeconfig: kubeconfig({ server: 'https://api.example.org:6443', 'proxy-url': `http://127.0.0.1:${port}` }) });
  await expect(new KubeClient(connection, 'test').get('/version')).rejects.toThrow('GET /version');
  expect(asked).toEqual(['api.example.org:6443']);
});
