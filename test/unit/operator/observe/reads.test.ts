import { expect, it } from 'vitest';
import { keysRead, readerOf, secretReads, verifierPort, type PodSpec } from '../../../../operator/observe/reads.ts';
import { release } from './given-release.ts';

const name = release.bootstrapSecret;
const env = (key: string, secret = name) => ({ env: [{ valueFrom: { secretKeyRef: { name: secret, key } } }] });
const envFrom = (secret: string) => ({ envFrom: [{ secretRef: { name: secret } }] });
const items = (...keys: string[]) => ({ items: keys.map((key) => ({ key })) });
const both = ['service-token', 'session-secret'];
const token = ['service-token'];

it.each<[string, PodSpec, readonly string[]]>([
  ['nothing', {}, []],
  ['a key by secretKeyRef', { containers: [{}, env('token')] }, token],
  ['a key by secretKeyRef in an init container', { initContainers: [env('session')] }, ['session-secret']],
  ['a key by secretKeyRef in an ephemeral container', { ephemeralContainers: [env('token')] }, token],
  ['both keys, in the order of their names', { containers: [env('session'), env('token')] }, both],
  ['an entry that holds no key', { containers: [env('service-token')] }, []],
  ['a key of another Secret', { containers: [env('token', 'other')] }, []],
  ['the encryption key from its own Secret', { containers: [env('fernet', release.encryptionSecret)] }, ['encryption-key']],
  ['no key where two Secrets are mixed up', { containers: [env('fernet'), env('token', release.encryptionSecret)] }, []],
  ['everything by envFrom', { containers: [envFrom(name)] }, both],
  ['everything by envFrom in an init container', { initContainers: [envFrom(name)] }, both],
  ['another Secret by envFrom', { containers: [envFrom('other')] }, []],
  ['everything by a volume', { volumes: [{ secret: { secretName: name } }] }, both],
  ['everything by a volume with an empty list', { volumes: [{ secret: { secretName: name, items: [] } }] }, both],
  ['one item of a volume', { volumes: [{ secret: { secretName: name, ...items('token') } }] }, token],
  ['another Secret by a volume', { volumes: [{ secret: { secretName: 'other' } }] }, []],
  ['everything by a projected volume', { volumes: [{ projected: { sources: [{}, { secret: { name } }] } }] }, both],
  ['one item of a projected volume', { volumes: [{ projected: { sources: [{ secret: { name, ...items('session') } }] } }] }, ['session-secret']],
  ['one key here and one there', { containers: [env('token')], volumes: [{ secret: { secretName: name, ...items('session') } }] }, both],
  [
    'all keys of both Secrets',
    { containers: [envFrom(name)], volumes: [{ secret: { secretName: release.encryptionSecret } }] },
    [...both, 'encryption-key'],
  ],
])('finds that a pod reads %s', (_name, spec, keys) => {
  expect(keysRead(secretReads(spec), release)).toEqual(keys);
});

it('takes role, kind of verifier and stamps from the annotations', () => {
  const annotations = {
    'bootstrap.kure.io/role': 'verifier',
    'bootstrap.kure.io/verify': 'single',
    'bootstrap.kure.io/service-token': 'new',
    'bootstrap.kure.io/encryption-key': 'newest',
    other: 'x',
  };
  const stamps = { 'service-token': 'new', 'encryption-key': 'newest' };
  expect(readerOf({ metadata: { annotations } })).toEqual({ role: 'verifier', verify: 'single', stamps });
});

it('takes a reader that says nothing, or something unknown, for a presenter, and a verifier for a live one', () => {
  expect(readerOf({})).toEqual({ role: 'presenter', verify: 'live', stamps: {} });
  const annotations = { 'bootstrap.kure.io/role': 'sidecar', 'bootstrap.kure.io/verify': 'twice' };
  expect(readerOf({ metadata: { annotations } })).toMatchObject({ role: 'presenter', verify: 'live' });
});

it('asks a verifier on its port named http, else on 8000', () => {
  const ports = [{ name: 'metrics', containerPort: 9090 }, { name: 'http', containerPort: 8080 }];
  expect(verifierPort({ containers: [{}, { ports }] })).toBe(8080);
  expect(verifierPort({ containers: [{ ports: ports.slice(0, 1) }] })).toBe(8000);
});
