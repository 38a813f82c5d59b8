import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { refusal, render } from './render.ts';

const decoded = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString('utf8');

describe('the bootstrap Secret of a first render', () => {
  const secret = render({ release: 'blue' }).get('Secret', 'blue-bootstrap');
  const token = decoded(secret.data?.['service-token']);
  const session = decoded(secret.data?.['session-secret']);

  it('has two different values of 48 letters and digits, as data', () => {
    expect(Object.keys(secret.data ?? {}).sort()).toEqual(['service-token', 'session-secret']);
    expect(token).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(session).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(token).not.toBe(session);
    expect(secret).not.toHaveProperty('stringData');
  });

  it('stays when the release goes', () => {
    expect(secret.metadata?.annotations).toMatchObject({ 'helm.sh/resource-policy': 'keep', 'helm.toolkit.fluxcd.io/driftDetection': 'disabled' });
  });

  it('bears the mark of a render that made up every value', () => {
    const mark = createHash('sha256').update(`blue\n${token}\n${session}`).digest('hex');
    expect(secret.metadata?.annotations).toMatchObject({ 'bootstrap.kure.io/rendered': mark });
  });

  it('is found by its label', () => {
    expect(secret.metadata?.labels).toMatchObject({ 'bootstrap.kure.io/secret': 'bootstrap', 'app.kubernetes.io/instance': 'blue' });
  });

  it('tells an operator of cluster scope when its release has one of its own', () => {
    expect(secret.metadata?.annotations).toMatchObject({ 'bootstrap.kure.io/operator': 'own' });
    const [shared] = render({ values: { operator: { scope: 'shared' } } }).all('Secret');
    expect(shared?.metadata?.annotations).not.toHaveProperty('bootstrap.kure.io/operator');
  });
});

describe('the Secrets of a first render', () => {
  const rendered = render();
  const secrets = rendered.all('Secret');

  it('are two, and their values are nowhere else', () => {
    const others = JSON.stringify(rendered.objects.filter(({ kind }) => kind !== 'Secret'));
    expect(secrets.map(({ metadata }) => metadata?.name)).toEqual(['kure-monitor-bootstrap', 'kure-monitor-encryption']);
    for (const value of secrets.flatMap(({ data }) => Object.values(data ?? {}))) {
      expect(others).not.toContain(value);
      expect(others).not.toContain(decoded(value));
    }
  });
});

describe('bootstrap.generator=operator', () => {
  const values = { bootstrap: { generator: 'operator' } };

  it('renders no Secret, and so the same each time', () => {
    const [one, other] = [render({ values }), render({ values })];
    expect(one.all('Secret')).toEqual([]);
    expect(one.objects).toEqual(other.objects);
  });

  it.each(['cluster', 'shared'])('renders one without values with operator.scope=%s: that operator knows a release by it', (scope) => {
    const [one, other] = [0, 1].map(() => render({ values: { ...values, operator: { scope } } }));
    const [secret, ...others] = one!.all('Secret');
    expect(others).toEqual([]);
    expect(secret?.metadata?.labels).toMatchObject({ 'bootstrap.kure.io/secret': 'bootstrap' });
    expect(Object.keys(secret?.metadata?.annotations ?? {})).toEqual(['helm.sh/resource-policy', 'helm.toolkit.fluxcd.io/driftDetection']);
    expect(secret).not.toHaveProperty('data');
    expect(one!.objects).toEqual(other!.objects);
  });

  it('still renders an encryption key that is given', () => {
    const [secret, ...others] = render({ values: { ...values, security: { encryptionKey: 'given' } } }).all('Secret');
    expect(decoded(secret?.data?.['encryption-key'])).toBe('given');
    expect(others).toEqual([]);
  });

  it('needs an operator', () => {
    expect(refusal({ values: { ...values, operator: { enabled: false } } })).toContain(
      'bootstrap.generator=operator needs the operator: set operator.enabled=true, or let the chart generate the values',
    );
  });
});
