import { describe, expect, it } from 'vitest';
import { choose, foundIn } from '../../../../operator/cli/release/find.ts';
import type { DeploymentObject } from '../../../../operator/cli/release/deployment.ts';
import { releaseNamed } from '../../../../operator/cli/release/settings.ts';

const metadata = (name: string, labels: Record<string, string>) => ({ name, labels, uid: name, resourceVersion: '1' });
const instance = (release: string, component?: string) => ({
  'app.kubernetes.io/instance': release,
  ...(component !== undefined && { 'app.kubernetes.io/component': component }),
});

const status = (release: string, name = release) => ({ metadata: metadata(`${name}-rotation`, instance(release)) });

const operator = (release: string, env: Record<string, string>): DeploymentObject => ({
  metadata: metadata(`${release}-operator`, instance(release, 'operator')),
  spec: { template: { spec: { containers: [{ env: Object.entries({ RELEASE: release, ...env }).map(([name, value]) => ({ name, value })) }] } } },
});

const backend = (release: string, annotations: Record<string, string>): DeploymentObject => ({
  metadata: metadata(`${release}-backend`, instance(release, 'backend')),
  spec: { template: { metadata: { annotations }, spec: {} } },
});

describe('the release', () => {
  it('is the only one in the namespace', () => {
    expect(choose(foundIn('ns', [status('one')], []), 'ns', undefined).release).toMatchObject({ name: 'one', bootstrapSecret: 'one-bootstrap' });
  });

  it('must be named where there are several, and the error lists them', () => {
    const found = foundIn('ns', [status('two'), status('one')], []);
    expect(() => choose(found, 'ns', undefined)).toThrow('choose one with --release: one, two');
    expect(choose(found, 'ns', 'two').release.name).toBe('two');
  });

  it('is the only one that is installed: of the others an uninstall has kept the status', () => {
    const found = foundIn('ns', [status('two'), status('one')], [backend('two', { 'bootstrap.kure.io/role': 'verifier' })]);
    expect(choose(found, 'ns', undefined).release.name).toBe('two');
    expect(choose(found, 'ns', 'one').release.name).toBe('one');
  });

  it('that is not there is an error that says what to do', () => {
    expect(() => choose(new Map(), 'ns', undefined)).toThrow('name another one with --namespace');
    expect(() => choose(foundIn('ns', [status('one')], []), 'ns', 'two')).toThrow('no release two in the namespace ns (there is: one)');
  });

  it('has the names that its objects have, where these do not begin with its own', () => {
    const found = foundIn('ns', [status('one', 'full')], []);
    expect(found.get('one')?.release).toMatchObject({ name: 'one', bootstrapSecret: 'full-bootstrap', rotationConfigMap: 'full-rotation' });
  });

  it('has the names that its operator was given', () => {
    const env = { BOOTSTRAP_SECRET: 'theirs', EXTERNAL_SECRET: 'true', SERVICE_TOKEN_KEY: 'token', LEASE: 'lock' };
    const release = foundIn('ns', [status('one')], [operator('one', env)]).get('one');
    expect(release).toMatchObject({ lease: 'lock', release: { bootstrapSecret: 'theirs', external: true, entries: { 'service-token': 'token' } } });
  });

  it('is not the operator of the whole cluster, which has names of no release', () => {
    expect(foundIn('ns', [], [operator('shared', { SCOPE: 'cluster' })]).size).toBe(0);
    expect(foundIn('ns', [status('one')], [operator('one', { SCOPE: 'cluster' })]).get('one')?.release.bootstrapSecret).toBe('one-bootstrap');
  });

  it('is found by its verifier where no operator ever ran, and by no other backend', () => {
    const found = foundIn('ns', [], [backend('one', { 'bootstrap.kure.io/role': 'verifier' }), backend('shop', {})]);
    expect([...found.keys()]).toEqual(['one']);
  });

  it('reports wrong settings of an operator', () => {
    expect(() => releaseNamed({ EXTERNAL_SECRET: 'yes' }, 'ns', 'one')).toThrow('EXTERNAL_SECRET must be true or false');
  });
});
