import { expect, it } from 'vitest';
import { keysRead, readerOf, verifierPort, type PodSpec } from '../../../../operator/observe/reads.ts';

const name = 'kure-bootstrap';
const env = (key: string, secret = name) => ({ env: [{ valueFrom: { secretKeyRef: { name: secret, key } } }] });
const envFrom = (secret: string) => ({ envFrom: [{ secretRef: { name: secret } }] });
const items = (...keys: string[]) => ({ items: keys.map((key) => ({ key })) });
const both = ['service-token', 'session-secret'];

it.each<[string, PodSpec, readonly string[]]>([
  ['nothing', {}, []],
  ['a key by secretKeyRef', { containers: [{}, env('service-token')] }, ['service-token']],
  ['a key by secretKeyRef in an init container', { initContainers: [env('session-secret')] }, ['session-secret']],
  ['both keys, in the order of their names', { containers: [env('session-secret'), env('service-token')] }, both],
  ['a key that is not rotated', { containers: [env('encryption-key')] }, []],
  ['a key of another Secret', { containers: [env('service-token', 'other')] }, []],
  ['everything by envFrom', { containers: [envFrom(name)] }, both],
  ['everything by envFrom in an init container', { initContainers: [envFrom(name)] }, both],
  ['another Secret by envFrom', { containers: [envFrom('other')] }, []],
  ['everything by a volume', { volumes: [{ secret: { secretName: name } }] }, both],
  ['one item of a volume', { volumes: [{ secret: { secretName: name, ...items('service-token') } }] }, ['service-token']],
  ['another Secret by a volume', { volumes: [{ secret: { secretName: 'other' } }] }, []],
  ['everything by a projected volume', { volumes: [{ projected: { sources: [{}, { secret: { name } }] } }] }, both],
  ['one item of a projected volume', { volumes: [{ projected: { sources: [{ secret: { name, ...items('session-secret') } }] } }] }, ['session-secret']],
  [
    'one key here and one there',
    { containers: [env('service-token')], volumes: [{ secret: { secretName: name, ...items('session-secret') } }] },
    both,
  ],
])('finds that a pod reads %s', (_name, spec, keys) => {
  expect(keysRead(spec, name)).toEqual(keys);
});

it('takes role and stamps from the annotations; without them a reader is a presenter', () => {
  const annotations = { 'bootstrap.kure.io/role': 'verifier', 'bootstrap.kure.io/service-token': 'new', other: 'x' };
  expect(readerOf({ metadata: { annotations }, spec: {} }, name)).toEqual({ reads: [], role: 'verifier', stamps: { 'service-token': 'new' } });
  expect(readerOf({ spec: {} }, name)).toEqual({ reads: [], role: 'presenter', stamps: {} });
  expect(readerOf({ metadata: { annotations: { 'bootstrap.kure.io/role': 'sidecar' } }, spec: {} }, name).role).toBe('presenter');
});

it('asks a verifier on its port named http, else on 8000', () => {
  const ports = [{ name: 'metrics', containerPort: 9090 }, { name: 'http', containerPort: 8080 }];
  expect(verifierPort({ containers: [{}, { ports }] })).toBe(8080);
  expect(verifierPort({ containers: [{ ports: ports.slice(0, 1) }] })).toBe(8000);
});
