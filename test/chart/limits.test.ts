/** The chart takes what the programs and Kubernetes take, and refuses the rest before anything is installed. */
import { describe, expect, it } from 'vitest';
import { readConfig as readBackendConfig } from '../../backend/config.ts';
import { readConfig as readOperatorConfig } from '../../operator/config.ts';
import { logLevels } from '../../shared/log.ts';
import { refusal, render, variable, type Rendered } from './render.ts';

const grace = { terminationGracePeriodSeconds: 700 };
const environment = (rendered: Rendered, name: string): Record<string, string | undefined> =>
  Object.fromEntries((rendered.workload(`kure-monitor-${name}`).template.spec?.containers[0]?.env ?? []).map(({ name, value }) => [name, value]));

/** Only what the chart itself writes: a Secret and a pod's own name are Kubernetes' to fill in. */
const programs = [
  { component: 'operator', read: readOperatorConfig },
  { component: 'backend', read: readBackendConfig },
];

describe.each([
  { component: 'operator', value: 'debounceSeconds', variable: 'DEBOUNCE_SECONDS', least: 0, most: 86_400 },
  { component: 'operator', value: 'debounceMaxSeconds', variable: 'DEBOUNCE_MAX_SECONDS', least: 0, most: 86_400 },
  { component: 'operator', value: 'silenceSeconds', variable: 'SILENCE_SECONDS', least: 0, most: 86_400 },
  { component: 'operator', value: 'rolloutDeadlineSeconds', variable: 'ROLLOUT_DEADLINE_SECONDS', least: 1, most: 86_400 },
  { component: 'backend', value: 'drainSeconds', variable: 'DRAIN_SECONDS', least: 0, most: 600 },
])('$component.$value', ({ component, value, variable: name, least, most }) => {
  const read = programs.find((program) => program.component === component)?.read;

  it('goes as far as the program', () => {
    for (const number of [least, most]) {
      const env = environment(render({ values: { ...grace, [component]: { [value]: number } } }), component);
      expect(env[name]).toBe(String(number));
      expect(read?.(env)).toBeDefined();
    }
    for (const number of [least - 1, most + 1]) {
      expect(() => read?.({ [name]: String(number) })).toThrow(name);
      expect(refusal({ values: { ...grace, [component]: { [value]: number } } })).toContain(`at '/${component}/${value}'`);
    }
  });
});

describe('logLevel', () => {
  it.each(logLevels)('may be %s', (logLevel) => {
    const log = { logLevel };
    const rendered = render({ values: { operator: log, backend: log, agent: log, securityScanner: log } });
    for (const workload of rendered.workloads) expect(variable(workload, 'LOG_LEVEL')?.value).toBe(logLevel);
  });
});

describe('terminationGracePeriodSeconds', () => {
  it('leaves the backend time to finish after it has drained', () => {
    const backend = { drainSeconds: 20 };
    expect(render({ values: { terminationGracePeriodSeconds: 35, backend } }).workloads).toHaveLength(4);
    expect(refusal({ values: { terminationGracePeriodSeconds: 34, backend } })).toContain(
      'backend.drainSeconds=20 and 15 seconds to finish are more than terminationGracePeriodSeconds=34, so pods would be killed while they serve: raise the one or lower the other.',
    );
  });
});

describe('a value', () => {
  it.each([
    { path: 'runAsUser', wrong: [0, -1, 2 ** 31] },
    { path: 'postgresql.runAsUser', wrong: [0] },
    { path: 'backend.fsGroup', wrong: [0] },
    { path: 'backend.persistence.size', wrong: ['', '1 Gi', '1GB', '1gi', 'Gi', '0Gi', '-1Gi'] },
    { path: 'postgresql.persistence.size', wrong: ['10 GB'] },
    { path: 'backend.persistence.storageClassName', wrong: ['Fast', 'a_b', 'a'.repeat(254)] },
    { path: 'bootstrap.existingSecret', wrong: ['Vault', 'a'.repeat(254)] },
    { path: 'bootstrap.existingSecretKeys.serviceToken', wrong: ['', 'a b', 'a'.repeat(254)] },
    { path: 'nameOverride', wrong: ['-a', 'a-', 'a b', 'a'.repeat(64)] },
    { path: 'agent.priorityClassName', wrong: ['High'] },
    { path: 'ingress.className', wrong: ['nginx!'] },
    { path: 'metrics.monitors.interval', wrong: ['', '30', '30 s'] },
    { path: 'networkPolicy.apiServer.cidrs', wrong: [['10.0.0.1'], ['10.0.0.0/33'], ['any']] },
    { path: 'ingress.hosts', wrong: [['https://kure.example'], ['Kure.example'], ['kure_example'], ['']] },
    { path: 'route.hostnames', wrong: [['kure.example:443'], ['']] },
    { path: 'agent.extraEnv', wrong: [[{ name: '' }], [{ name: 'A B' }], [{ name: 'A=B' }]] },
    { path: 'backend.podLabels', wrong: [{ 'a b': 'c' }, { a: 'c d' }, { a: '-c' }, { 'A.example/b': 'c' }, { a: 'b'.repeat(64) }] },
    { path: 'backend.podAnnotations', wrong: [{ 'a b': 'c' }, { 'a/b/c': 'd' }, { '': 'a' }] },
    { path: 'agent.nodeSelector', wrong: [{ 'a b': 'c' }, { a: 'c d' }] },
    { path: 'ingress.annotations', wrong: [{ 'a b': 'c' }] },
    { path: 'metrics.rules.labels', wrong: [{ a: 'c d' }] },
    { path: 'operator.resources.requests', wrong: [{ memory: 'lots' }, { memory: '64MiB' }, { memory: '-1' }, { cpu: -1 }] },
    { path: 'operator.resources.limits', wrong: [{ memory: '' }] },
  ])('that Kubernetes would not take is refused: $path', ({ path, wrong }) => {
    for (const value of wrong) expect(refusal({ values: nested(path, value) })).toContain(`at '/${path.replaceAll('.', '/')}`);
  });

  it.each([
    { path: 'backend.persistence.size', right: ['1Gi', '1.5Ti', '500M', '1073741824', '0.5Gi'] },
    { path: 'backend.persistence.storageClassName', right: ['', 'fast', 'ebs.csi-1'] },
    { path: 'nameOverride', right: ['', 'kure', 'Kure_1.a'] },
    { path: 'metrics.monitors.interval', right: ['30s', '1m30s', '500ms'] },
    { path: 'networkPolicy.apiServer.cidrs', right: [['10.96.0.1/32', 'fd00::1/128']] },
    { path: 'ingress.hosts', right: [['kure.example', '*.kure.example', 'kure']] },
    { path: 'agent.extraEnv', right: [[{ name: 'HTTP_PROXY' }, { name: 'a.b-c_D' }]] },
    { path: 'backend.podLabels', right: [{ 'a.example/b_C.1': '', on: 'true', n: '1e3' }] },
    { path: 'backend.podAnnotations', right: [{ 'A.example/b': 'two\nlines: "{{ x }}" é' }] },
    { path: 'agent.nodeSelector', right: [{ 'kubernetes.io/hostname': 'node-1.example' }] },
    { path: 'operator.resources.requests', right: [{ cpu: 0.5, memory: '1.5Gi', 'ephemeral-storage': '1e9' }, { cpu: '100m', memory: 67108864 }] },
  ])('that it would take is taken: $path', ({ path, right }) => {
    for (const value of right) expect(render({ values: nested(path, value) }).workloads).toHaveLength(4);
  });
});

const nested = (path: string, value: unknown): object => path.split('.').reduceRight((below: unknown, key) => ({ [key]: below }), value) as object;
