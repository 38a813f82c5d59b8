import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keyringOf, sourceSecretOf } from '../../../../operator/observe/secrets.ts';
import { serializeKeyring } from '../../../../shared/credential/keyring.ts';
import { encodeEntry, type ManagedFieldsEntry, type ObjectMeta, type Secret } from '../../../../shared/kube/objects.ts';
import * as given from '../../../fixtures/given.ts';
import { release } from './given-release.ts';

const secret = (data: Readonly<Record<string, string>>, change: Partial<ObjectMeta> = {}): Secret => ({
  metadata: { name: 's', uid: 'u', resourceVersion: '17', creationTimestamp: '2026-11-23T10:00:00Z', ...change },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeEntry(value)])),
});
const annotated = (annotations: Readonly<Record<string, string>>, data = {}) => secret(data, { annotations });
const bootstrapOf = (found: Secret, of = release) => sourceSecretOf('bootstrap', found, of);

const wrote = (manager: string, time: string, ...keys: string[]): ManagedFieldsEntry => ({
  manager,
  time,
  fieldsV1: { 'f:data': { '.': {}, ...Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) } },
});

describe('a source Secret', () => {
  it('is its version, its age and the keys that it holds, from the entries of the release', () => {
    const found = secret({ token: 'a', session: 'b', fernet: 'c', 'service-token': 'd' });
    const expected = { resourceVersion: '17', createdAt: Date.parse('2026-11-23T10:00:00Z'), editedBy: {} };
    expect(bootstrapOf(found)).toMatchObject({ ...expected, values: { 'service-token': 'a', 'session-secret': 'b' } });
    expect(sourceSecretOf('encryption', found, release)).toMatchObject({ ...expected, values: { 'encryption-key': 'c' } });
  });

  it('is remembered as its owner made it, without what speaks of its values, what asks for something and who serves it', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const annotations = {
      'meta.helm.sh/release-name': 'kure',
      'bootstrap.kure.io/external': 'false',
      'bootstrap.kure.io/rendered': 'a digest',
      'bootstrap.kure.io/pause': 'true',
      'bootstrap.kure.io/revoke': 'old',
      'bootstrap.kure.io/operator': 'own',
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{}}',
    };
    const { identity } = bootstrapOf({ ...secret({}, { labels, annotations }), type: 'Opaque' });
    const kept = { 'meta.helm.sh/release-name': 'kure', 'bootstrap.kure.io/external': 'false' };
    expect(identity).toEqual({ type: 'Opaque', labels, annotations: kept });
  });

  it('lacks a key that is empty, and all of them without data', () => {
    expect(bootstrapOf(secret({ token: '', session: 'b' })).values).toEqual({ 'session-secret': 'b' });
    expect(bootstrapOf({ metadata: { name: 's', uid: 'u', resourceVersion: '17' } }).values).toEqual({});
  });

  it('names the manager that wrote each key last', () => {
    const managedFields = [
      wrote('kubectl-edit', '2026-11-23T11:00:00Z', 'token'),
      wrote('helm', '2026-11-23T10:00:00Z', 'token', 'session'),
      wrote('service-token', '2026-11-23T12:00:00Z', 'service-token'),
      { manager: 'labeller', time: '2026-11-23T12:00:00Z', fieldsV1: { 'f:metadata': {} } },
      { manager: 'broken', time: '2026-11-23T12:00:00Z' },
    ];
    expect(bootstrapOf(secret({}, { managedFields })).editedBy).toEqual({ 'service-token': 'kubectl-edit', 'session-secret': 'helm' });
  });

  it('names a manager that wrote a key as stringData', () => {
    const managedFields = [{ manager: 'helm', time: '2026-11-23T10:00:00Z', fieldsV1: { 'f:stringData': { 'f:token': {} } } }];
    expect(bootstrapOf(secret({}, { managedFields })).editedBy).toEqual({ 'service-token': 'helm' });
  });
});

describe('a Secret of somebody else', () => {
  it('is one that says so, or whose release is set up so', () => {
    const external = annotated({ 'bootstrap.kure.io/external': 'true' });
    expect(bootstrapOf(secret({})).external).toBe(false);
    expect(bootstrapOf(external).external).toBe(true);
    expect(bootstrapOf(secret({}), { ...release, external: true }).external).toBe(true);
    expect(sourceSecretOf('encryption', secret({}), { ...release, external: true }).external).toBe(false);
    expect(sourceSecretOf('encryption', external, release).external).toBe(true);
  });

  it('keeps its owners', () => {
    const found = secret({}, {
      labels: { 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'meta.helm.sh/release-name': 'kure' },
      managedFields: [{ manager: 'helm', fieldsV1: { 'f:metadata': {} } }, wrote('vault', '', 'token')],
    });
    expect(bootstrapOf(found).ownership).toMatchObject({ managers: ['vault'] });
    expect(bootstrapOf(found, { ...release, external: true }).ownership).toBeUndefined();
  });
});

const markOf = (...parts: string[]) => createHash('sha256').update(parts.join('\n')).digest('hex');

const withKey = (key: string) =>
  sourceSecretOf('encryption', annotated({ 'bootstrap.kure.io/rendered': markOf('kure', key) }, { fernet: key }), release);

describe('the render mark', () => {
  const values = { token: 'aB3'.repeat(16), session: 'xY9'.repeat(16) };
  const marked = (mark: string, data: Readonly<Record<string, string>> = values) =>
    bootstrapOf(annotated({ 'bootstrap.kure.io/rendered': mark }, data));
  const mark = markOf('kure', values.token, values.session);

  it('is believed where it is made from exactly these values and this release', () => {
    expect(marked(mark)).toMatchObject({ isBlindRender: true, hasRenderMark: true });
    expect(bootstrapOf(secret(values))).toMatchObject({ isBlindRender: false, hasRenderMark: false });
  });

  it('of an encryption key is believed beside a Fernet key only', () => {
    expect(withKey(`${'a-_B'.repeat(10)}abc=`)).toMatchObject({ isBlindRender: true, hasRenderMark: true });
    expect(withKey('of-an-older-release')).toMatchObject({ isBlindRender: false, hasRenderMark: true });
  });

  it.each([
    ['another release', markOf('blue', values.token, values.session), values],
    ['an edited value', mark, { ...values, token: 'aB4'.repeat(16) }],
    ['a missing value', markOf('kure', values.token, ''), { token: values.token }],
    ['a value of another kind', markOf('kure', values.token, 'x-Y'.repeat(16)), { ...values, session: 'x-Y'.repeat(16) }],
  ])('of %s is only there', (_name, mark, data) => {
    expect(marked(mark, data)).toMatchObject({ isBlindRender: false, hasRenderMark: true });
  });
});

describe('a request', () => {
  it('is an annotation of the bootstrap Secret that names a generation', () => {
    const annotations = {
      'bootstrap.kure.io/pause': 'true',
      'bootstrap.kure.io/abort': 'a',
      'bootstrap.kure.io/revoke': 'b',
      'bootstrap.kure.io/accept': 'c',
      'bootstrap.kure.io/retire': 'd',
    };
    expect(bootstrapOf(annotated(annotations)).requests).toEqual({ pause: true, abort: 'a', revoke: 'b', accept: 'c', retire: 'd' });
    expect(sourceSecretOf('encryption', annotated(annotations), release).requests).toEqual({ pause: false });
  });

  it('is not there where it is empty, and a pause is the word true', () => {
    expect(bootstrapOf(annotated({ 'bootstrap.kure.io/pause': 'yes', 'bootstrap.kure.io/abort': '' })).requests).toEqual({ pause: false });
  });
});

describe('the keyring Secret', () => {
  it('is its version and its document', () => {
    const keyring = { keys: { 'service-token': given.rotating }, history: [] };
    expect(keyringOf(secret({ 'keyring.json': serializeKeyring(keyring) }), release)).toEqual({ keyring: { resourceVersion: '17', keyring } });
  });

  it('names another operator where one of cluster scope serves a release that had its own', () => {
    const annotations = { 'bootstrap.kure.io/operator': 'own' };
    const handedOver = secret({ 'keyring.json': serializeKeyring({ keys: {}, history: [] }) }, { annotations });
    const namesAnother = (own: boolean) => keyringOf(handedOver, { ...release, own }).keyring?.namesAnother;
    expect([true, false].map(namesAnother)).toEqual([undefined, true]);
  });

  it.each([
    ['no document', {}, 'is not JSON'],
    ['half a document', { 'keyring.json': '{"version":1,"keys":{"service-token":{"accepted":[{"value":"hunter2"' }, 'is not JSON'],
    ['a document of another shape', { 'keyring.json': '{"version":1,"keys":["hunter2"]}' }, 'has an unknown shape'],
  ])('with %s is broken, and says so without a part of it', (_name, data, why) => {
    const brokenKeyring = { resourceVersion: '17', why: `the keyring Secret's keyring.json ${why}` };
    expect(keyringOf(secret(data), release)).toEqual({ brokenKeyring });
  });

  it('is said to be of a newer operator where its version is', () => {
    const brokenKeyring = { resourceVersion: '17', why: "the keyring Secret's keyring.json is of a version that only a newer operator knows", isNewer: true };
    expect(keyringOf(secret({ 'keyring.json': '{"version":2,"keys":{},"history":["hunter2"]}' }), release)).toEqual({ brokenKeyring });
  });
});
