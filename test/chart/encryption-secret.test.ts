import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { refusal, render, variable } from './render.ts';

const decoded = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');
const secretOf = (values: object = {}) => render({ release: 'blue', values }).get('Secret', 'blue-encryption');
const keyOf = (values: object = {}): string => decoded(secretOf(values).data?.['encryption-key']);

describe('the encryption Secret of a first render', () => {
  const secret = secretOf();

  it('has one real Fernet key: 32 bytes in URL-safe base64, as data', () => {
    // Enough keys for each of the letters that differ between the two alphabets.
    const keys = Array.from({ length: 6 }, () => keyOf());
    for (const key of keys) {
      expect(key).toMatch(/^[A-Za-z0-9_-]{43}=$/);
      expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    }
    expect(new Set(keys).size).toBe(keys.length);
    expect(Object.keys(secret.data ?? {})).toEqual(['encryption-key']);
    expect(secret).not.toHaveProperty('stringData');
  });

  it('stays when the release goes, says that the key was made up, and can be changed, also under Flux', () => {
    const mark = hash('sha256', `blue\n${decoded(secret.data?.['encryption-key'])}`, 'hex');
    const annotations = {
      'bootstrap.kure.io/operator': 'own',
      'bootstrap.kure.io/rendered': mark,
      'helm.sh/resource-policy': 'keep',
      'helm.toolkit.fluxcd.io/driftDetection': 'disabled',
    };
    expect(secret.metadata?.annotations).toEqual(annotations);
    expect(secret).not.toHaveProperty('immutable');
  });

  it('is found by its label', () => {
    expect(secret.metadata?.labels).toMatchObject({ 'bootstrap.kure.io/secret': 'encryption', 'app.kubernetes.io/instance': 'blue' });
  });

  it('takes a key that is given, of whatever form', () => {
    const values = { security: { encryptionKey: 'of-an-older-release' } };
    expect(keyOf(values)).toBe('of-an-older-release');
    expect(secretOf(values).metadata?.annotations).not.toHaveProperty('bootstrap.kure.io/rendered');
  });
});

describe('security.encryptionKey', () => {
  it.each(['a b', 'key\n'])('with white space in it is refused: %j', (encryptionKey) => {
    expect(refusal({ values: { security: { encryptionKey } } })).toContain('security.encryptionKey has a space or a line break in it');
  });
});

describe('security.existingSecret', () => {
  const security = { existingSecret: 'mine' };
  const rendered = render({ values: { security } });

  it('takes the place of the encryption Secret', () => {
    expect(rendered.all('Secret').map(({ metadata }) => metadata?.name)).toEqual(['kure-monitor-bootstrap']);
  });

  it('is what the backend reads, and what the operator follows', () => {
    expect(variable(rendered.workload('kure-monitor-backend'), 'ENCRYPTION_KEY')?.valueFrom?.secretKeyRef?.name).toBe('mine');
    expect(variable(rendered.workload('kure-monitor-operator'), 'ENCRYPTION_SECRET')?.value).toBe('mine');
    const named = rendered.get('Role', 'kure-monitor-operator').rules?.flatMap(({ resourceNames }) => resourceNames ?? []);
    expect(named).toContain('mine');
    expect(named).not.toContain('kure-monitor-encryption');
  });

  it.each([
    { mistake: 'a key that is given, too', values: { security: { ...security, encryptionKey: 'given' } }, sentence: 'leave one of the two empty.' },
    { mistake: 'a rotation of it by the clock', values: { security, rotation: { schedule: '@daily', keys: ['encryption-key'] } }, sentence: 'rotate it at its source' },
    {
      mistake: 'a name that an operator of the cluster does not find',
      values: { security, operator: { scope: 'shared' } },
      sentence: 'with operator.scope=shared the operator finds Secrets by their names, so make this one as kure-monitor-encryption.',
    },
  ])('is refused with $mistake', ({ values, sentence }) => {
    expect(refusal({ values })).toContain(sentence);
  });
});

describe('the encryption key', () => {
  it('is read by the backend alone, which starts without it, too', () => {
    const rendered = render({ release: 'blue' });
    const readers = rendered.workloads.filter((workload) => variable(workload, 'ENCRYPTION_KEY'));
    expect(readers.map(({ name }) => name)).toEqual(['blue-backend']);
    const reference = readers.map((reader) => variable(reader, 'ENCRYPTION_KEY')?.valueFrom?.secretKeyRef);
    expect(reference).toEqual([{ name: 'blue-encryption', key: 'encryption-key', optional: true }]);
  });
});
