/** The programs of Kure Monitor 2.3.0, and a release of its own chart that is taken over. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { chart, containerOf, refusal, render, variable } from './render.ts';
import { faults } from './restricted.ts';

const read = (name: string): object => load(readFileSync(join(chart, name), 'utf8')) as object;
const upstream = read('values-upstream.yaml');

describe('with values-upstream.yaml', () => {
  const rendered = render({ values: upstream });
  const ours = rendered.workloads.filter(({ name }) => !name.endsWith('-operator') && !name.endsWith('-postgresql'));

  it('backend, frontend, agent and scanner are those of 2.3.0', () => {
    const images = ['agent', 'backend', 'frontend', 'security-scanner'].map((name) => `ghcr.io/nan0c0de/kure-monitor/${name}:2.3.0`);
    expect(new Set(ours.map((workload) => containerOf(workload).image))).toEqual(new Set(images));
  });

  it.each(rendered.workloads)('$name passes Pod Security restricted, with a number for a user', ({ template, name }) => {
    expect(faults(template.spec ?? { containers: [] })).toEqual([]);
    expect(template.spec?.securityContext?.runAsUser).toBe(name.endsWith('-postgresql') ? 70 : 1001);
    expect(template.spec?.initContainers).toBeUndefined();
  });

  it('the backend knows one token, so the operator does not count on an overlap', () => {
    const backend = rendered.workload('kure-monitor-backend');
    expect(backend.template.metadata?.annotations).toMatchObject({ 'bootstrap.kure.io/verify': 'single' });
    expect(variable(backend, 'KEYRING_SECRET')).toBeUndefined();
    expect(rendered.all('Role').map(({ metadata }) => metadata?.name)).not.toContain('kure-monitor-backend');
  });

  it('the backend has all that it reads', () => {
    const backend = rendered.workload('kure-monitor-backend');
    for (const name of ['DATABASE_URL', 'PGPASSWORD', 'ENCRYPTION_KEY', 'SERVICE_TOKEN', 'SESSION_SECRET']) {
      expect(variable(backend, name)).toBeDefined();
    }
    expect(containerOf(backend).readinessProbe?.httpGet?.path).toBe('/health');
    const rules = rendered.get('ClusterRole', 'kure-system:kure-monitor-backend').rules;
    expect(rules?.[0]).toMatchObject({ resources: ['pods'], verbs: ['get', 'list', 'create', 'delete'] });
  });

  it('no test asks the backend whether it is ready, which it cannot say', () => {
    expect(rendered.all('Pod')).toEqual([]);
    expect(rendered.all('ServiceAccount').map(({ metadata }) => metadata?.name)).not.toContain('kure-monitor-selftest');
  });

  it('every program may write to /tmp and /var/tmp', () => {
    for (const workload of ours) {
      const mounted = containerOf(workload).volumeMounts?.map(({ mountPath }) => mountPath);
      expect(mounted).toEqual(expect.arrayContaining(['/tmp', '/var/tmp']));
    }
  });

  it('the frontend passes requests and WebSockets on to the backend', () => {
    const nginx = rendered.get('ConfigMap', 'kure-monitor-frontend-nginx').data?.['default.conf'];
    expect(nginx?.match(/proxy_pass http:\/\/kure-monitor-backend:8000;/g)).toHaveLength(2);
    expect(nginx).toContain('proxy_set_header Upgrade $http_upgrade;');
  });

  it('the frontend says how people reached the proxy in front of it', () => {
    const nginx = rendered.get('ConfigMap', 'kure-monitor-frontend-nginx').data?.['default.conf'];
    expect(nginx).toMatch(/map \$http_x_forwarded_proto \$outer_scheme \{\s+default \$http_x_forwarded_proto;\s+"" +\$scheme;\s+\}/);
    expect(nginx?.match(/proxy_set_header X-Forwarded-Proto \$outer_scheme;/g)).toHaveLength(2);
  });

  it.each([
    { values: { postgresql: { enabled: false } }, sentence: 'programs=upstream needs PostgreSQL: set postgresql.enabled=true or database.existingSecret' },
    { values: { backend: { ...(upstream as { backend: object }).backend, replicas: 2 } }, sentence: 'leave backend.replicas at 1.' },
    { values: { backend: {} }, sentence: "programs=upstream needs upstream's images" },
  ])('what cannot work is refused in a sentence: $sentence', ({ values, sentence }) => {
    expect(refusal({ values: { ...upstream, ...values } })).toContain(sentence);
  });
});

describe('with values-take-over.yaml', () => {
  const { postgresql, ...names } = read('values-take-over.yaml') as { postgresql: object };
  const values = { ...upstream, ...names, postgresql: { enabled: true, ...postgresql } };

  it('selectors are those of the chart kure', () => {
    const rendered = render({ values });
    for (const { metadata, spec } of [...rendered.all('Deployment'), ...rendered.all('DaemonSet'), ...rendered.all('StatefulSet')]) {
      const component = metadata?.name?.replace('kure-monitor-', '');
      if (component === 'operator') continue;
      expect(spec?.selector.matchLabels).toEqual({
        'app.kubernetes.io/name': 'kure',
        'app.kubernetes.io/instance': 'kure-monitor',
        'app.kubernetes.io/component': component,
      });
    }
  });

  it("files on the database's volume keep their owner", () => {
    expect(render({ values }).workload('kure-monitor-postgresql').template.spec?.securityContext).toMatchObject({ runAsUser: 1001, fsGroup: 1001 });
  });
});
