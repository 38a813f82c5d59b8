import { describe, expect, it } from 'vitest';
import { bootstrapOf, keyringOf } from '../../../../operator/observe/secrets.ts';
import { serializeKeyring } from '../../../../shared/credential/keyring.ts';
import { encodeEntry, type ManagedFieldsEntry, type Secret } from '../../../../shared/kube/objects.ts';
import * as given from '../../../fixtures/given.ts';

const secret = (data: Readonly<Record<string, string>>, managedFields?: readonly ManagedFieldsEntry[]): Secret => ({
  metadata: { name: 's', uid: 'u', resourceVersion: '17', ...(managedFields && { managedFields }) },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encodeEntry(value)])),
});

const wrote = (manager: string, time: string, ...keys: string[]): ManagedFieldsEntry => ({
  manager,
  time,
  fieldsV1: { 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) },
});

describe('the bootstrap Secret', () => {
  it('is its version and its two keys', () => {
    const found = bootstrapOf(secret({ 'service-token': 'a', 'session-secret': 'b', 'encryption-key': 'c' }));
    expect(found).toMatchObject({ resourceVersion: '17', values: { 'service-token': 'a', 'session-secret': 'b' }, editedBy: {} });
  });

  it('is remembered as its owner made it, without the annotations that speak of its values', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'Helm' };
    const annotations = {
      'meta.helm.sh/release-name': 'kure-monitor',
      'bootstrap.kure.io/rendered': 'a digest',
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{}}',
    };
    const { identity } = bootstrapOf({ type: 'Opaque', metadata: { name: 's', uid: 'u', resourceVersion: '17', labels, annotations } });
    expect(identity).toEqual({ type: 'Opaque', labels, annotations: { 'meta.helm.sh/release-name': 'kure-monitor' } });
  });

  it('lacks a key that is empty, and all of them without data', () => {
    expect(bootstrapOf(secret({ 'service-token': '', 'session-secret': 'b' })).values).toEqual({ 'session-secret': 'b' });
    expect(bootstrapOf({ metadata: { name: 's', uid: 'u', resourceVersion: '17' } }).values).toEqual({});
  });

  it('names the manager that wrote each key last', () => {
    const found = bootstrapOf(
      secret({}, [
        wrote('kubectl-edit', '2026-11-23T11:00:00Z', 'service-token'),
        wrote('helm', '2026-11-23T10:00:00Z', 'service-token', 'session-secret'),
        { manager: 'labeller', time: '2026-11-23T12:00:00Z', fieldsV1: { 'f:metadata': {} } },
        { manager: 'broken', time: '2026-11-23T12:00:00Z' },
      ]),
    );
    expect(found.editedBy).toEqual({ 'service-token': 'kubectl-edit', 'session-secret': 'helm' });
  });
});

describe('the keyring Secret', () => {
  it('is its version and its document', () => {
    const keyring = { keys: { 'service-token': given.rotating }, history: [] };
    expect(keyringOf(secret({ 'keyring.json': serializeKeyring(keyring) }))).toEqual({ resourceVersion: '17', keyring });
  });

  it('cannot be read where the document is missing', () => {
    expect(() => keyringOf(secret({}))).toThrow("the keyring Secret's keyring.json is not JSON");
  });
});
