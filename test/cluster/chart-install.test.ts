/** The chart on a real API server. What Helm writes is judged, so nothing may run: an operator would repair what a test breaks. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KubernetesObject, V1Secret } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubeconfig, kubectlPath, up } from '../../testbed/cluster.ts';
import { chart, helm3, helm4 } from '../chart/render.ts';

const given = process.env['KUBECONFIG'];
const env = { ...process.env, KUBECONFIG: given || kubeconfig };
const nothingRuns = ['--set=global.imageRegistry=registry.invalid'];
const execute = promisify(execFile);

const ways = [
  { way: 'Helm 4', helm: helm4, install: [], serverSide: true },
  { way: 'Helm 4 with client-side apply', helm: helm4, install: ['--server-side=false'], serverSide: false },
  { way: 'Helm 3', helm: helm3, install: [], serverSide: false },
];

beforeAll(async () => {
  if (!given) await up();
});

describe.each(ways)('the chart, installed by $way,', ({ helm: program, install, serverSide }) => {
  const namespace = `chart-install-${randomBytes(4).toString('hex')}`;
  const release = 'blue';

  const run = async (file: string, args: string[]): Promise<{ stdout: string; stderr: string }> =>
    execute(file, ['--namespace', namespace, ...args], { env, maxBuffer: 16 << 20 });
  const helm = (...args: string[]) => run(program, args);
  const kubectl = async (...args: string[]): Promise<string> => (await run(kubectlPath, args)).stdout;
  const apply = async (manifests: string, ...flags: string[]): Promise<string> => {
    const applying = execute(kubectlPath, ['--namespace', namespace, 'apply', '--filename=-', ...flags], { env });
    applying.child.stdin?.end(manifests);
    return (await applying).stdout;
  };
  const upgrade = (...flags: string[]) => helm('upgrade', release, chart, ...nothingRuns, ...flags);

  const secret = async (): Promise<V1Secret> => JSON.parse(await kubectl('get', 'secret', 'blue-bootstrap', '--output=json')) as V1Secret;
  const patchSecret = (patch: object) => kubectl('patch', 'secret', 'blue-bootstrap', '--type=merge', '--patch', JSON.stringify(patch));
  const digest = async (): Promise<string> => createHash('sha256').update(JSON.stringify((await secret()).data)).digest('hex');

  const list = async (kinds: string): Promise<KubernetesObject[]> => {
    const { items } = JSON.parse(await kubectl('get', kinds, '--output=json')) as { items: KubernetesObject[] };
    return items;
  };
  const components = async () => new Set((await list('pods')).map(({ metadata }) => metadata?.labels?.['app.kubernetes.io/component']));
  const generations = async () =>
    (await list('deployments,daemonsets')).map(({ metadata }) => ({ name: metadata?.name, generation: metadata?.generation }));

  beforeAll(async () => {
    await kubectl('create', 'namespace', namespace);
    const levels = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
    await kubectl('label', 'namespace', namespace, ...levels);
  });

  afterAll(async () => {
    await helm('uninstall', release, '--ignore-not-found');
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  });

  it('needs no values, and the API server has not one warning about any object', async () => {
    await helm('install', release, chart, '--dry-run=server', ...install);
    // Helm's own dry run sends nothing to the API server, so Pod Security would stay silent.
    const { stdout } = await helm('template', release, chart, '--kube-version=1.34.0');
    expect(await apply(stdout, '--dry-run=server', '--warnings-as-errors')).toContain('daemonset.apps/blue-agent created (server dry run)');
  });

  it('generates two values of 48 characters and marks them as its own', async () => {
    const { stderr } = await helm('install', release, chart, ...nothingRuns, ...install);
    expect(stderr).not.toMatch(/warning|violate/i);
    const { data, metadata } = await secret();
    const [token, session] = ['service-token', 'session-secret'].map((key) => decoded(data?.[key]));
    expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(session).toMatch(/^[A-Za-z0-9]{48}$/);
    const mark = createHash('sha256').update(`${release}\n${token}\n${session}`).digest('hex');
    expect(metadata?.annotations?.['bootstrap.kure.io/rendered']).toBe(mark);
  });

  it('gets every pod past Pod Security restricted', async () => {
    await expect.poll(components, { timeout: 60_000, interval: 500 }).toEqual(new Set(['agent', 'backend', 'operator', 'security-scanner']));
  });

  it('tells no value in its notes', async () => {
    const { stdout } = await helm('get', 'notes', release);
    expect(stdout).toContain(`kubectl edit secret blue-bootstrap -n ${namespace}`);
    for (const value of Object.values((await secret()).data ?? {})) {
      expect(stdout).not.toContain(value);
      expect(stdout).not.toContain(decoded(value));
    }
  });

  it('changes no value and restarts nothing in ten upgrades', async () => {
    const before = { data: await digest(), annotations: (await secret()).metadata?.annotations, generations: await generations() };
    expect(before.generations).toHaveLength(4);
    for (let i = 0; i < 10; i += 1) await upgrade();
    const after = { data: await digest(), annotations: (await secret()).metadata?.annotations, generations: await generations() };
    expect(mask(after)).toEqual(mask(before));
  });

  it('keeps a value that a person edited, and does not claim it', async () => {
    const edited = Buffer.from(randomBytes(24).toString('hex')).toString('base64');
    await patchSecret({ metadata: { annotations: { 'bootstrap.kure.io/rendered': null } }, data: { 'service-token': edited } });
    await upgrade();
    const { data, metadata } = await secret();
    expect(data?.['service-token'] === edited).toBe(true);
    expect(metadata?.annotations).not.toHaveProperty('bootstrap.kure.io/rendered');
  });

  // Who empties a key owns the emptiness, and server-side apply asks before it takes that away.
  it.runIf(serverSide)('is told who emptied a key, and changes nothing unasked', async () => {
    await patchSecret({ data: { 'session-secret': '' } });
    const before = await digest();
    await expect(upgrade()).rejects.toThrow('conflict with "kubectl-patch" using v1: .data.session-secret');
    expect(await digest()).toBe(before);
    await upgrade('--force-conflicts');
    expect(decoded((await secret()).data?.['session-secret'])).toMatch(/^[A-Za-z0-9]{48}$/);
  });

  it.each([
    { what: 'was deleted', value: null, flags: [] },
    { what: 'is empty', value: '', flags: serverSide ? ['--force-conflicts'] : [] },
  ])('makes up a key that $what, and keeps the other one', async ({ value, flags }) => {
    const before = (await secret()).data;
    await patchSecret({ data: { 'service-token': value } });
    await upgrade(...flags);
    const { data, metadata } = await secret();
    expect(decoded(data?.['service-token'])).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(data?.['service-token'] === before?.['service-token']).toBe(false);
    expect(data?.['session-secret'] === before?.['session-secret']).toBe(true);
    expect(metadata?.annotations).not.toHaveProperty('bootstrap.kure.io/rendered');
  });

  it('keeps a key that somebody added', async () => {
    await patchSecret({ data: { note: 'aGVsbG8=' } });
    await upgrade();
    await upgrade();
    expect((await secret()).data).toHaveProperty('note', 'aGVsbG8=');
  });

  it('leaves credentials and database when it is uninstalled, and finds them when it comes back', async () => {
    const before = await digest();
    const [claim] = await list('persistentvolumeclaims');
    await helm('uninstall', release);
    expect((await list('deployments,daemonsets,services,roles,serviceaccounts')).map(({ metadata }) => metadata?.name)).toEqual(['default']);
    expect((await digest()) === before).toBe(true);

    await helm('install', release, chart, ...nothingRuns, ...install);
    expect((await digest()) === before).toBe(true);
    expect((await list('persistentvolumeclaims')).map(({ metadata }) => metadata?.uid)).toEqual([claim?.metadata?.uid]);
  });

  it('starts anew, with a mark, when the Secret is gone', async () => {
    const before = await digest();
    await kubectl('delete', 'secret', 'blue-bootstrap');
    await upgrade();
    expect((await digest()) === before).toBe(false);
    expect((await secret()).metadata?.annotations).toHaveProperty('bootstrap.kure.io/rendered');
  });
});

function decoded(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString('utf8');
}

/** A failed comparison is printed: it may not show what was derived from a value. */
function mask<Of extends { data: string; annotations: object | undefined }>({ data, annotations, ...rest }: Of) {
  return { ...rest, fingerprint: createHash('sha256').update(data + JSON.stringify(annotations)).digest('hex').slice(0, 8) };
}
