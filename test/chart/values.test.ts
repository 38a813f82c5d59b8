import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chart, containerOf, helm3, helm3IsHere, helm4, helms, refusal, render, variable } from './render.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('a value', () => {
  it.each([
    { values: { typo: 1 }, sentence: "additional properties 'typo' not allowed" },
    { values: { backend: { imagee: {} } }, sentence: "at '/backend': additional properties 'imagee' not allowed" },
    { values: { operator: { image: { name: 'x' } } }, sentence: "additional properties 'name' not allowed" },
    { values: { agent: { logLevel: 'loud' } }, sentence: "at '/agent/logLevel'" },
    { values: { agent: { maxSurge: 0 } }, sentence: "at '/agent/maxSurge': minimum: got 0, want 1" },
    { values: { agent: { maxSurge: '0%' } }, sentence: "at '/agent/maxSurge': '0%' does not match pattern" },
    { values: { imagePullSecrets: [3] }, sentence: "at '/imagePullSecrets/0': got number, want string or object" },
    { values: { backend: { image: { digest: 'latest' } } }, sentence: "at '/backend/image/digest'" },
    { values: { bootstrap: { generator: 'dice' } }, sentence: "at '/bootstrap/generator'" },
  ])('that the chart does not know is refused, by one line: $sentence', ({ values, sentence }) => {
    for (const helm of helms) {
      const refused = refusal({ values, helm });
      expect(refused).toContain(sentence);
      expect(refused.match(/^ *- at /gm)).toHaveLength(1);
    }
  });

  it.each(['web', 'pod/web', 'deployment/', 'deployment/Web', 'Deployment/web', 'deployment/a/b'])(
    'in operator.extraWorkloads that names no workload is refused in a sentence: %s',
    (workload) => {
      expect(refusal({ values: { operator: { extraWorkloads: [workload] } } })).toContain(
        `operator.extraWorkloads: "${workload}" must be deployment/<name>, daemonset/<name> or statefulset/<name>.`,
      );
    },
  );

  it('of another chart in the same release is none of its business', () => {
    expect(render({ values: { global: { storageClass: 'fast' } } }).workloads).toHaveLength(4);
  });

  it('moves every image to another registry', () => {
    const rendered = render({ values: { global: { imageRegistry: 'mirror.local:5000/' } } });
    for (const workload of rendered.workloads) expect(containerOf(workload).image).toMatch(/^mirror\.local:5000\/kure-bootstrap\//);
  });

  it('pins an image by tag and digest', () => {
    const image = { tag: '1.2.3', digest };
    const backend = render({ values: { backend: { image } } }).workload('kure-monitor-backend');
    expect(containerOf(backend).image).toBe(`ghcr.io/kure-bootstrap/backend:1.2.3@${digest}`);
  });

  it('gives every pod the pull secrets of chart and release, as names or as maps', () => {
    const values = { global: { imagePullSecrets: ['one', { name: 'two' }] }, imagePullSecrets: [{ name: 'one' }, 'three'] };
    for (const { template } of render({ values }).workloads) {
      expect(template.spec?.imagePullSecrets).toEqual([{ name: 'one' }, { name: 'two' }, { name: 'three' }]);
    }
  });

  it('of 0 is a value', () => {
    const rendered = render({ values: { revisionHistoryLimit: 0, operator: { debounceSeconds: 0 } } });
    for (const { spec } of rendered.all('Deployment')) expect(spec?.revisionHistoryLimit).toBe(0);
    expect(variable(rendered.workload('kure-monitor-operator'), 'DEBOUNCE_SECONDS')?.value).toBe('0');
  });

  it('that nobody sets is left to the program', () => {
    const rendered = render();
    expect(variable(rendered.workload('kure-monitor-operator'), 'DEBOUNCE_SECONDS')).toBeUndefined();
    expect(variable(rendered.workload('kure-monitor-backend'), 'DRAIN_SECONDS')).toBeUndefined();
  });

  it('places a pod, and replaces the preference of the backend', () => {
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } };
    const values = { backend: { affinity, nodeSelector: { disk: 'fast' }, priorityClassName: 'high' } };
    expect(render({ values }).workload('kure-monitor-backend').template.spec).toMatchObject({
      affinity,
      nodeSelector: { disk: 'fast' },
      priorityClassName: 'high',
    });
  });
});

describe('Helm', () => {
  it('finds nothing to criticise', () => {
    for (const helm of helms) {
      const { status, stdout, stderr } = spawnSync(helm, ['lint', '--strict', '--kube-version', '1.34.0', chart], { encoding: 'utf8' });
      expect(status).toBe(0);
      expect(stdout + stderr).not.toMatch(/\[(WARNING|ERROR)\]/);
    }
  });

  it.runIf(helm3IsHere)('3 and 4 render the same', () => {
    const [three, four] = [helm3, helm4].map((helm) => render({ helm }).objects.filter(({ kind }) => kind !== 'Secret'));
    expect(three).toEqual(four);
  });

  it('finds one object in every template', () => {
    expect(existsSync(join(chart, 'templates'))).toBe(true);
    const output = spawnSync(helm4, ['template', 'blue', chart, '--kube-version', '1.34.0'], { encoding: 'utf8' }).stdout;
    const sources = [...output.matchAll(/^# Source: (.*)$/gm)].map(([, source]) => source);
    expect(new Set(sources).size).toBe(sources.length);
    expect(sources).toHaveLength(render().objects.length);
  });
});
