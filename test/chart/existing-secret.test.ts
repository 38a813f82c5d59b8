import type { V1EnvVar } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { containerOf, refusal, render, variable } from './render.ts';

const existingSecretKeys = { serviceToken: 'token', sessionSecret: 'session' };
const values = { bootstrap: { existingSecret: 'from-vault', existingSecretKeys } };

describe('bootstrap.existingSecret', () => {
  const rendered = render({ values });
  const references = rendered.workloads.flatMap((workload) =>
    (containerOf(workload).env ?? []).flatMap(({ name, valueFrom }: V1EnvVar) => {
      const { secretKeyRef } = valueFrom ?? {};
      return secretKeyRef ? [`${name} ${secretKeyRef.name} ${secretKeyRef.key}`] : [];
    }),
  );

  it('takes the place of the bootstrap Secret, not of the encryption Secret', () => {
    expect(rendered.all('Secret').map(({ metadata }) => metadata?.name)).toEqual(['kure-monitor-encryption']);
  });

  it('is what every reader reads, by the keys that it has', () => {
    expect([...new Set(references)].sort()).toEqual([
      'ENCRYPTION_KEY kure-monitor-encryption encryption-key',
      'SERVICE_TOKEN from-vault token',
      'SESSION_SECRET from-vault session',
    ]);
  });

  it('is what operator and backend follow, by its name and its keys', () => {
    const operator = rendered.workload('kure-monitor-operator');
    const backend = rendered.workload('kure-monitor-backend');
    for (const workload of [operator, backend]) {
      expect(variable(workload, 'BOOTSTRAP_SECRET')?.value).toBe('from-vault');
      expect(variable(workload, 'SERVICE_TOKEN_KEY')?.value).toBe('token');
    }
    expect(variable(operator, 'SESSION_SECRET_KEY')?.value).toBe('session');
    expect(variable(operator, 'EXTERNAL_SECRET')?.value).toBe('true');
  });

  it('is written by nobody', () => {
    const rules = rendered.all('Role').flatMap(({ rules }) => rules ?? []);
    const verbs = rules.filter(({ resourceNames }) => resourceNames?.includes('from-vault')).flatMap(({ verbs }) => verbs);
    expect([...new Set(verbs)].sort()).toEqual(['get', 'list', 'watch']);
  });

  it('says nothing about keys where the Secret is of the chart', () => {
    const operator = render().workload('kure-monitor-operator');
    for (const name of ['EXTERNAL_SECRET', 'SERVICE_TOKEN_KEY', 'SESSION_SECRET_KEY']) expect(variable(operator, name)).toBeUndefined();
  });

  it.each([
    { bootstrap: { existingSecret: 'one' }, security: { existingSecret: 'one' }, names: 'one and one' },
    { security: { existingSecret: 'kure-monitor-bootstrap' }, names: 'kure-monitor-bootstrap and kure-monitor-bootstrap' },
    { bootstrap: { existingSecret: 'kure-monitor-keyring' }, names: 'kure-monitor-keyring and kure-monitor-encryption' },
  ])('is not another one of the three that an operator works with: $names', ({ names, ...values }) => {
    expect(refusal({ values })).toContain(`neither of them its own, kure-monitor-keyring, and these are ${names}: name another one.`);
    expect(render({ values: { ...values, operator: { enabled: false } } }).workloads).toHaveLength(3);
  });

  it.each([
    {
      mistake: 'two generators',
      bootstrap: { ...values.bootstrap, generator: 'operator' },
      sentence: 'bootstrap.existingSecret says that from-vault is made elsewhere, so the operator cannot generate it, too',
    },
    {
      mistake: 'keys of no Secret',
      bootstrap: { existingSecretKeys },
      sentence: 'bootstrap.existingSecretKeys names keys of bootstrap.existingSecret: set that one, too.',
    },
    {
      mistake: 'one key for both',
      bootstrap: { existingSecret: 'x', existingSecretKeys: { serviceToken: 'token', sessionSecret: 'token' } },
      sentence: 'serviceToken and sessionSecret are both "token": name two keys',
    },
    { mistake: 'a name that no Secret has', bootstrap: { existingSecret: 'From Vault' }, sentence: "at '/bootstrap/existingSecret'" },
  ])('is refused with $mistake', ({ bootstrap, sentence }) => {
    expect(refusal({ values: { bootstrap } })).toContain(sentence);
  });
});
