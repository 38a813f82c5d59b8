import { describe, expect, it } from 'vitest';
import { render, variable } from './render.ts';

describe('operator.enabled=false', () => {
  const rendered = render({ values: { operator: { enabled: false } } });
  const backend = rendered.workload('kure-monitor-backend');

  it('renders nothing of the operator', () => {
    expect(JSON.stringify(rendered.objects)).not.toMatch(/operator(?!":"Exists)|keyring|rotation/i);
  });

  it('gives nobody a right in the namespace', () => {
    expect(rendered.all('Role')).toEqual([]);
    expect(rendered.all('RoleBinding')).toEqual([]);
  });

  it('gives the backend neither an API token nor the name of a Secret to follow', () => {
    expect(backend.template.spec?.automountServiceAccountToken).toBe(false);
    expect(variable(backend, 'BOOTSTRAP_SECRET')).toBeUndefined();
    expect(variable(backend, 'KEYRING_SECRET')).toBeUndefined();
  });

  it('leaves the backend the token of its environment, and says that it knows no other', () => {
    expect(variable(backend, 'SERVICE_TOKEN')?.valueFrom?.secretKeyRef?.name).toBe('kure-monitor-bootstrap');
    expect(backend.template.metadata?.annotations).toEqual({ 'bootstrap.kure.io/role': 'verifier', 'bootstrap.kure.io/verify': 'single' });
  });

  it('is the only case: otherwise the backend knows both Secrets and may ask for them', () => {
    const enabled = render().workload('kure-monitor-backend');
    expect(variable(enabled, 'BOOTSTRAP_SECRET')?.value).toBe('kure-monitor-bootstrap');
    expect(variable(enabled, 'KEYRING_SECRET')?.value).toBe('kure-monitor-keyring');
    expect(enabled.template.spec?.automountServiceAccountToken).toBe(true);
  });
});
