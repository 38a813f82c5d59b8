import { describe, expect, it } from 'vitest';
import { containerOf, refusal, render, variable } from './render.ts';

const operatorOf = (operator: object) => render({ values: { operator } });
const scope = (scope: string) => render({ values: { operator: { scope } } });

describe('operator.scope', () => {
  it.each(['release', 'cluster'])('%s is told to the operator, with the name of its Lease', (name) => {
    const operator = scope(name).workload('kure-monitor-operator');
    expect(variable(operator, 'SCOPE')?.value).toBe(name);
    expect(variable(operator, 'LEASE')?.value).toBe('kure-monitor-operator');
  });

  it('cluster leaves the names of Secrets to their labels', () => {
    const names = containerOf(scope('cluster').workload('kure-monitor-operator')).env?.map(({ name }) => name);
    expect(names).toEqual(['SCOPE', 'RELEASE', 'LEASE', 'PORT', 'POD_NAME', 'POD_NAMESPACE', 'LOG_LEVEL']);
  });

  it('shared installs no operator, and a backend that follows the Secrets all the same', () => {
    const rendered = scope('shared');
    expect(rendered.identities.filter((identity) => identity.endsWith('-operator'))).toEqual([]);
    const backend = rendered.workload('kure-monitor-backend');
    expect(backend.template.metadata?.annotations).toMatchObject({ 'bootstrap.kure.io/verify': 'live' });
    expect(variable(backend, 'KEYRING_SECRET')?.value).toBe('kure-monitor-keyring');
    expect(rendered.get('Role', 'kure-monitor-backend').rules?.[0]?.resourceNames).toContain('kure-monitor-keyring');
  });

  it.each(['cluster', 'shared'])('%s has no use for more rights on single workloads', (scope) => {
    expect(refusal({ values: { operator: { scope, extraWorkloads: ['deployment/web'] } } })).toContain(
      `operator.extraWorkloads adds rights for operator.scope=release: with ${scope} the operator may restart every workload of the cluster`,
    );
  });

  it.each([
    { mistake: 'another name', bootstrap: { existingSecret: 'from-vault' } },
    {
      mistake: 'other keys',
      bootstrap: { existingSecret: 'kure-monitor-bootstrap', existingSecretKeys: { serviceToken: 'token', sessionSecret: 'session' } },
    },
  ])('shared finds an existing Secret by its name: $mistake', ({ bootstrap }) => {
    expect(refusal({ values: { operator: { scope: 'shared' }, bootstrap } })).toContain(
      'so make this one as kure-monitor-bootstrap with the keys service-token and session-secret.',
    );
    expect(render({ values: { operator: { scope: 'shared' }, bootstrap: { existingSecret: 'kure-monitor-bootstrap' } } }).workloads).toHaveLength(3);
  });
});

describe('operator.replicas', () => {
  it('are one, and may be two', () => {
    expect(operatorOf({}).get('Deployment', 'kure-monitor-operator').spec?.replicas).toBe(1);
    expect(operatorOf({ replicas: 2 }).get('Deployment', 'kure-monitor-operator').spec?.replicas).toBe(2);
    for (const replicas of [0, 3]) expect(refusal({ values: { operator: { replicas } } })).toContain("at '/operator/replicas'");
  });

  it('are there before the older ones go', () => {
    expect(render().get('Deployment', 'kure-monitor-operator').spec?.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });
});

describe('operator.rolloutDeadlineSeconds', () => {
  it('is told to the operator where it is set', () => {
    const [operator, other] = [{ rolloutDeadlineSeconds: 120 }, {}].map((values) => operatorOf(values).workload('kure-monitor-operator'));
    expect(operator && variable(operator, 'ROLLOUT_DEADLINE_SECONDS')?.value).toBe('120');
    expect(other && variable(other, 'ROLLOUT_DEADLINE_SECONDS')).toBeUndefined();
  });
});
