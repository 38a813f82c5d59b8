import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { annotationPrefix } from '../../operator/model/names.ts';
import { keyNames } from '../../shared/credential/keyring.ts';
import { everything } from './everything.ts';
import { chart, containerOf, refusal, render, variable } from './render.ts';
import { faults } from './restricted.ts';

const upstream = load(readFileSync(join(chart, 'values-upstream.yaml'), 'utf8')) as { backend?: object };
const names = ['backend', 'security-scanner', 'operator', 'agent'];

const switches = [
  { what: 'with no values at all', values: {} },
  { what: 'without the operator', values: { operator: { enabled: false } } },
  { what: 'without a volume', values: { backend: { persistence: { enabled: false } } } },
  { what: 'with everything but a database of its own', values: { ...everything, postgresql: {}, database: { existingSecret: 'db' } } },
  { what: 'where the cluster chooses the group', values: { backend: { fsGroup: null } } },
];

describe.each(switches)('every pod, $what,', ({ values }) => {
  const rendered = render({ values });

  const pods = [...rendered.workloads, ...rendered.errands];

  it.each(pods)('$name passes Pod Security restricted', ({ template }) => {
    expect(faults(template.spec ?? { containers: [] })).toEqual([]);
  });

  it.each(rendered.workloads)('$name has at least one annotation on its template', ({ template }) => {
    expect(Object.keys(template.metadata?.annotations ?? {})).not.toEqual([]);
  });

  it.each(pods)('$name writes to no root file system and fixes no user', (workload) => {
    expect(containerOf(workload).securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    expect(containerOf(workload).securityContext).not.toHaveProperty('runAsUser');
    expect(workload.template.spec?.securityContext).not.toHaveProperty('runAsUser');
  });

  it.each(pods)('$name says whether it calls the API, has no service links and no init containers', ({ template }) => {
    expect(template.spec?.automountServiceAccountToken).toBeTypeOf('boolean');
    expect(template.spec?.enableServiceLinks).toBe(false);
    expect(template.spec?.initContainers).toBeUndefined();
  });

  it.each(pods)('$name asks for little, has a memory limit and no CPU limit', (workload) => {
    const { requests, limits } = containerOf(workload).resources ?? {};
    expect(Object.keys(requests ?? {}).sort()).toEqual(['cpu', 'memory']);
    expect(Object.keys(limits ?? {})).toEqual(['memory']);
  });

  it.each(rendered.workloads)('$name is asked by all three probes, for readiness every second and with patience', (workload) => {
    const { startupProbe, readinessProbe, livenessProbe, ports } = containerOf(workload);
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      expect(ports?.map(({ name }) => name)).toContain(probe?.httpGet?.port);
    }
    expect(readinessProbe).toMatchObject({ periodSeconds: 1, timeoutSeconds: 5 });
  });

  it.each(rendered.workloads.filter(({ name }) => !name.endsWith('-frontend')))('$name may be unready and yet alive', (workload) => {
    const { readinessProbe, livenessProbe } = containerOf(workload);
    expect(readinessProbe?.httpGet?.path).not.toBe(livenessProbe?.httpGet?.path);
  });
});

describe('the workloads', () => {
  const rendered = render();
  const roleOf = (name: string) => rendered.workload(`kure-monitor-${name}`).template.metadata?.annotations;
  const reading = (key: string) =>
    rendered.workloads
      .filter((workload) => containerOf(workload).env?.some(({ valueFrom }) => valueFrom?.secretKeyRef?.key === key))
      .map(({ name }) => name);

  it('are the backend, the agent, the scanner and the operator', () => {
    expect(rendered.workloads.map(({ name }) => name).sort()).toEqual(names.map((name) => `kure-monitor-${name}`).sort());
  });

  it('say which role they play in a rotation', () => {
    expect(roleOf('backend')).toMatchObject({ 'bootstrap.kure.io/role': 'verifier', 'bootstrap.kure.io/verify': 'live' });
    expect(roleOf('agent')).toMatchObject({ 'bootstrap.kure.io/role': 'presenter' });
    expect(roleOf('security-scanner')).toMatchObject({ 'bootstrap.kure.io/role': 'presenter' });
    expect(roleOf('operator')).not.toHaveProperty('bootstrap.kure.io/role');
  });

  it.each(['backend', 'agent', 'security-scanner'])('%s takes the service token from the bootstrap Secret', (name) => {
    expect(variable(rendered.workload(`kure-monitor-${name}`), 'SERVICE_TOKEN')?.valueFrom?.secretKeyRef).toEqual({
      name: 'kure-monitor-bootstrap',
      key: 'service-token',
    });
  });

  it('let only the backend see the session secret, and the operator no value at all', () => {
    expect(reading('session-secret')).toEqual(['kure-monitor-backend']);
    expect(reading('service-token')).not.toContain('kure-monitor-operator');
  });

  it('roll over without a gap', () => {
    expect(rendered.get('Deployment', 'kure-monitor-backend').spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(rendered.get('Deployment', 'kure-monitor-security-scanner').spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(rendered.get('DaemonSet', 'kure-monitor-agent').spec?.updateStrategy?.rollingUpdate).toEqual({ maxSurge: '10%', maxUnavailable: 0 });
  });

  it('have an agent on every node where pods may run: one that is not seen by its own agent is seen by none', () => {
    const { tolerations } = rendered.workload('kure-monitor-agent').template.spec ?? {};
    expect(tolerations).toEqual([{ operator: 'Exists', effect: 'NoSchedule' }]);
  });

  it('have a backend that prefers the node of its own pods and keeps its volume', () => {
    const { template } = rendered.workload('kure-monitor-backend');
    const [preference] = template.spec?.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    expect(preference?.podAffinityTerm.labelSelector?.matchLabels).toEqual(template.metadata?.labels);
    expect(template.spec?.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'kure-monitor-backend-data' } });
    const claim = rendered.get('PersistentVolumeClaim', 'kure-monitor-backend-data');
    expect(claim.metadata?.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  it.each([
    { whose: 'this project', values: { backend: {} }, volumes: ['data', 'tmp', 'ca'] },
    { whose: 'Kure Monitor', values: upstream, volumes: ['tmp', 'var-tmp', 'ca'] },
  ])('have a backend that takes more volumes: that of $whose', ({ values, volumes }) => {
    const ca = { extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }], extraVolumeMounts: [{ name: 'ca', mountPath: '/ca', readOnly: true }] };
    const backend = render({ values: { ...values, backend: { ...values.backend, ...ca } } }).workload('kure-monitor-backend');
    expect(backend.template.spec?.volumes?.map(({ name }) => name)).toEqual(volumes);
    expect(containerOf(backend).volumeMounts?.map(({ name }) => name)).toEqual(volumes);
  });

  it('are selected by name, instance and component, and by nothing that an upgrade changes', () => {
    for (const { spec } of [...rendered.all('Deployment'), ...rendered.all('DaemonSet')]) {
      const labels = ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name'];
      expect(Object.keys(spec?.selector.matchLabels ?? {}).sort()).toEqual(labels);
      expect(spec?.template.metadata?.labels).toMatchObject(spec?.selector.matchLabels ?? {});
    }
  });

  it('have a backend that the others reach by its Service', () => {
    const { spec } = rendered.get('Service', 'kure-monitor-backend');
    const backend = rendered.workload('kure-monitor-backend');
    expect(spec?.selector).toEqual(backend.template.metadata?.labels);
    expect(spec?.ports).toEqual([{ name: 'http', port: 8000, targetPort: 'http' }]);
    expect(containerOf(backend).ports).toEqual([{ name: 'http', containerPort: 8000 }]);
    for (const name of ['agent', 'security-scanner']) {
      expect(variable(rendered.workload(`kure-monitor-${name}`), 'BACKEND_URL')?.value).toBe('http://kure-monitor-backend:8000');
    }
  });

  it('do not let labels of a person break a selector', () => {
    const labels = { 'app.kubernetes.io/name': 'other', team: 'blue' };
    const { template } = render({ values: { agent: { podLabels: labels } } }).workload('kure-monitor-agent');
    expect(template.metadata?.labels).toMatchObject({ 'app.kubernetes.io/name': 'kure-monitor', team: 'blue' });
  });

  const written = ['kubectl.kubernetes.io/restartedAt', ...keyNames.map((key) => `${annotationPrefix}${key}`)];
  it.each(written)('have no annotation of a person that the operator writes: %s', (name) => {
    const annotated = { podAnnotations: { [name]: '2026-11-23T12:00:00Z' } };
    for (const component of ['backend', 'agent', 'securityScanner']) {
      expect(refusal({ values: { [component]: annotated } })).toContain(`${component}.podAnnotations: the operator writes ${name} when it restarts pods`);
    }
    expect(render({ values: { operator: { enabled: false }, backend: annotated } }).workloads).toHaveLength(3);
  });
});
