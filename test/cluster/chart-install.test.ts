/** The chart on a real API server. What Helm writes is judged, so nothing may run: an operator would repair what a test breaks. */
import { createHash, randomBytes } from 'node:crypto';
import type { V1Secret } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { chart } from '../chart/render.ts';
import { chartRelease, decoded, encoded, ways } from './chart-release.ts';

describe.each(ways)('the chart, installed by $way,', (way) => {
  const { serverSide } = way;
  const release = chartRelease(way);

  const secret = (): Promise<V1Secret> => release.secret('blue-bootstrap');
  const patchSecret = (patch: object): Promise<string> => release.patchSecret('blue-bootstrap', patch);
  const digest = async (): Promise<string> => createHash('sha256').update(JSON.stringify((await secret()).data)).digest('hex');

  const components = async () => new Set((await release.list('pods')).map(({ metadata }) => metadata?.labels?.['app.kubernetes.io/component']));
  const generations = async () =>
    (await release.list('deployments,daemonsets')).map(({ metadata }) => ({ name: metadata?.name, generation: metadata?.generation }));

  it('needs no values, and the API server has not one warning about any object', async () => {
    await release.install('--dry-run=server');
    // Helm's own dry run sends nothing to the API server, so Pod Security would stay silent.
    const { stdout } = await release.helm('template', release.name, chart, '--kube-version=1.34.0', '--set=rotation.schedule=@daily', '--skip-tests');
    expect(await release.apply(stdout, '--dry-run=server', '--warnings-as-errors')).toContain('daemonset.apps/blue-agent created (server dry run)');
  });

  it('generates two values of 48 characters and marks them as its own', async () => {
    const { stderr } = await release.install();
    expect(stderr).not.toMatch(/warning|violate/i);
    const { data, metadata } = await secret();
    const [token, session] = ['service-token', 'session-secret'].map((key) => decoded(data?.[key]));
    expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(session).toMatch(/^[A-Za-z0-9]{48}$/);
    const mark = createHash('sha256').update(`${release.name}\n${token}\n${session}`).digest('hex');
    expect(metadata?.annotations?.['bootstrap.kure.io/rendered']).toBe(mark);
  });

  it('gets every pod past Pod Security restricted', async () => {
    await expect.poll(components, { timeout: 60_000, interval: 500 }).toEqual(new Set(['agent', 'backend', 'operator', 'security-scanner']));
  });

  it('gets the pod of its test past Pod Security restricted', async () => {
    const { stdout } = await release.helm('template', release.name, chart, '--kube-version=1.34.0', '--show-only=templates/selftest/pod.yaml');
    expect(await release.apply(stdout, '--dry-run=server', '--warnings-as-errors')).toContain('pod/blue-selftest created (server dry run)');
  });

  it('tells no value in its notes', async () => {
    const { stdout } = await release.helm('get', 'notes', release.name);
    expect(stdout).toContain(`kubectl edit secret blue-bootstrap -n ${release.namespace}`);
    const values = [await secret(), await release.secret('blue-encryption')].flatMap(({ data }) => Object.values(data ?? {}));
    expect(values).toHaveLength(3);
    for (const value of values) {
      expect(stdout).not.toContain(value);
      expect(stdout).not.toContain(decoded(value));
    }
  });

  it('changes no value and restarts nothing in ten upgrades', async () => {
    const before = { data: await digest(), annotations: (await secret()).metadata?.annotations, generations: await generations() };
    expect(before.generations).toHaveLength(4);
    for (let i = 0; i < 10; i += 1) await release.upgrade();
    const after = { data: await digest(), annotations: (await secret()).metadata?.annotations, generations: await generations() };
    expect(mask(after)).toEqual(mask(before));
  });

  it('keeps a value that a person edited, and does not claim it', async () => {
    const edited = encoded(randomBytes(24).toString('hex'));
    await patchSecret({ metadata: { annotations: { 'bootstrap.kure.io/rendered': null } }, data: { 'service-token': edited } });
    await release.upgrade();
    const { data, metadata } = await secret();
    expect(data?.['service-token'] === edited).toBe(true);
    expect(metadata?.annotations).not.toHaveProperty('bootstrap.kure.io/rendered');
  });

  // Who empties a key owns the emptiness, and server-side apply asks before it takes that away.
  it.runIf(serverSide)('is told who emptied a key, and changes nothing unasked', async () => {
    await patchSecret({ data: { 'session-secret': '' } });
    const before = await digest();
    await expect(release.upgrade()).rejects.toThrow('conflict with "kubectl-patch" using v1: .data.session-secret');
    expect(await digest()).toBe(before);
    await release.upgrade('--force-conflicts');
    expect(decoded((await secret()).data?.['session-secret'])).toMatch(/^[A-Za-z0-9]{48}$/);
  });

  it.each([
    { what: 'was deleted', value: null, flags: [] },
    { what: 'is empty', value: '', flags: serverSide ? ['--force-conflicts'] : [] },
  ])('makes up a key that $what, and keeps the other one', async ({ value, flags }) => {
    const before = (await secret()).data;
    await patchSecret({ data: { 'service-token': value } });
    await release.upgrade(...flags);
    const { data, metadata } = await secret();
    expect(decoded(data?.['service-token'])).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(data?.['service-token'] === before?.['service-token']).toBe(false);
    expect(data?.['session-secret'] === before?.['session-secret']).toBe(true);
    expect(metadata?.annotations).not.toHaveProperty('bootstrap.kure.io/rendered');
  });

  it('keeps a key that somebody added', async () => {
    await patchSecret({ data: { note: 'aGVsbG8=' } });
    await release.upgrade();
    await release.upgrade();
    expect((await secret()).data).toHaveProperty('note', 'aGVsbG8=');
  });

  it('says what to do at once where the operator is switched off in the middle of a rotation', async () => {
    const notes = async () => (await release.upgrade('--set=operator.enabled=false')).stdout;
    expect(await notes()).not.toContain('in the middle of a rotation');
    await release.kubectl('create', 'configmap', 'blue-rotation', '--from-literal=phase=Verifying');
    expect(await notes()).toContain('It was in the middle of a rotation (Verifying): what holds the older value is refused');
    await release.kubectl('delete', 'configmap', 'blue-rotation');
    await release.upgrade('--reset-values');
  });

  it('leaves credentials and database when it is uninstalled, and finds them when it comes back', async () => {
    const before = await digest();
    const [claim] = await release.list('persistentvolumeclaims');
    await release.helm('uninstall', release.name);
    expect((await release.list('deployments,daemonsets,services,roles,serviceaccounts')).map(({ metadata }) => metadata?.name)).toEqual(['default']);
    expect((await digest()) === before).toBe(true);

    await release.install();
    expect((await digest()) === before).toBe(true);
    expect((await release.list('persistentvolumeclaims')).map(({ metadata }) => metadata?.uid)).toEqual([claim?.metadata?.uid]);
  });

  it('starts anew, with a mark, when the Secret is gone', async () => {
    const before = await digest();
    await release.kubectl('delete', 'secret', 'blue-bootstrap');
    await release.upgrade();
    expect((await digest()) === before).toBe(false);
    expect((await secret()).metadata?.annotations).toHaveProperty('bootstrap.kure.io/rendered');
  });
});

/** A failed comparison is printed: it may not show what was derived from a value. */
function mask<Of extends { data: string; annotations: object | undefined }>({ data, annotations, ...rest }: Of) {
  return { ...rest, fingerprint: createHash('sha256').update(data + JSON.stringify(annotations)).digest('hex').slice(0, 8) };
}
