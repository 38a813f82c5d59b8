import { describe, expect, it } from 'vitest';
import { ownershipOf } from '../../../../operator/observe/ownership.ts';
import type { ManagedFieldsEntry, ObjectMeta } from '../../../../shared/kube/objects.ts';
import { release } from './given-release.ts';

const token = { '.': {}, 'f:token': {} };
const metadata = { 'f:metadata': { 'f:labels': { 'f:team': {} } } };
const entry = (manager: string, fieldsV1: Readonly<Record<string, unknown>>, change: object = {}) => ({ manager, operation: 'Update', fieldsV1, ...change });
const helm = entry('helm', { 'f:data': token, ...metadata }, { operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' });

const ofHelm = { 'app.kubernetes.io/managed-by': 'Helm' };
const named = { 'meta.helm.sh/release-name': release.name };

const owned = (managedFields: readonly ManagedFieldsEntry[], change: Partial<ObjectMeta> = {}) =>
  ownershipOf({ metadata: { name: 's', uid: 'u', resourceVersion: '1', labels: ofHelm, annotations: named, managedFields, ...change } }, release);

describe('on a Secret of the release, as Helm manages it,', () => {
  it.each<[string, ManagedFieldsEntry[]]>([
    ['Helm alone owns values', [helm]],
    ['another owns other fields only', [helm, entry('labeller', metadata)]],
    ['another entry says nothing', [helm, { manager: 'silent' }]],
    ['Helm goes by the name of another file', [helm, entry('helm3', { 'f:data': token }), entry('Helm', { 'f:data': token })]],
    ['Helm runs inside Terraform', [entry('terraform-provider-helm_v3.0.2_x5', { 'f:data': token })]],
    ['nobody owns anything', []],
  ])('there is nothing to do where %s', (_name, managedFields) => {
    expect(owned(managedFields)).toBeUndefined();
  });

  it('values are given back by everybody else, the operator included, and nothing but values', () => {
    const edited = entry('kubectl-edit', { 'f:data': token, ...metadata }, { time: '2026-11-23T10:00:00Z' });
    const restored = entry('kure-bootstrap', { 'f:data': { 'f:token': {} } });
    expect(owned([helm, edited, restored])).toEqual({
      managers: ['kubectl-edit', 'kure-bootstrap'],
      cleaned: [helm, entry('kubectl-edit', metadata, { time: '2026-11-23T10:00:00Z' })],
    });
  });

  it('stringData counts as data does', () => {
    expect(owned([helm, entry('applier', { 'f:stringData': token })])).toEqual({ managers: ['applier'], cleaned: [helm] });
    expect(owned([entry('helm', { 'f:stringData': token })])).toBeUndefined();
  });

  it('a manager of two entries is named once', () => {
    expect(owned([helm, entry('a', { 'f:data': token }), entry('a', { 'f:data': token }, { operation: 'Apply' })])?.managers).toEqual(['a']);
  });

  it('the list of owners is never emptied', () => {
    expect(owned([entry('kubectl-edit', { 'f:data': token })])).toBeUndefined();
  });
});

it.each<[string, Partial<ObjectMeta>]>([
  ['is not managed by Helm', { labels: {} }],
  ['says no release', { annotations: {} }],
  ['belongs to another Helm release', { annotations: { 'meta.helm.sh/release-name': 'another' } }],
])('a Secret that %s is left alone', (_name, change) => {
  expect(owned([helm, entry('kubectl-edit', { 'f:data': token })], change)).toBeUndefined();
});
