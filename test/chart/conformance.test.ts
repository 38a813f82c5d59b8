/** What the chart renders is valid in the oldest and in the newest version of Kubernetes that it is for, strictly. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { everything } from './everything.ts';
import { conform, prepareKubeconform } from './kubeconform.ts';
import { chart, render } from './render.ts';

const [oldest, newest] = ['1.25.0', '1.37.0'] as const;
const crds = ['HTTPRoute', 'PodMonitor', 'PrometheusRule', 'ServiceMonitor'];
const upstream = load(readFileSync(join(chart, 'values-upstream.yaml'), 'utf8')) as object;

/** Names that YAML would take for numbers and truths. */
const numbers = {
  imagePullSecrets: ['1'],
  bootstrap: { existingSecret: '1', existingSecretKeys: { serviceToken: '1', sessionSecret: 'true' } },
  security: { existingSecret: '2' },
  backend: { priorityClassName: '1', persistence: { storageClassName: '1' }, podLabels: { a: '1' }, podAnnotations: { a: 'true' } },
  ingress: { enabled: true, className: '1', hosts: ['1'] },
};
const ofDatabase = { postgresql: { enabled: true, existingSecret: '1', database: 'null', username: 'true', persistence: { storageClassName: '1' } } };

const rendered = (values: object): string => render({ values }).objects.map((object) => JSON.stringify(object)).join('\n---\n');

beforeAll(() => prepareKubeconform([oldest, newest]), 10 * 60_000);

describe.each([oldest, newest])('in Kubernetes %s', (version) => {
  it.each([
    { what: 'the default', values: {} },
    { what: 'everything', values: everything },
    { what: "Kure Monitor's own programs", values: upstream },
    { what: 'no operator', values: { operator: { enabled: false } } },
    { what: 'names like numbers', values: numbers },
    { what: 'names like numbers, of a database', values: ofDatabase },
    { what: 'names like numbers, of an external database', values: { database: { existingSecret: '1', existingSecretKey: '1' } } },
    { what: 'an operator of the cluster', values: { operator: { scope: 'cluster' } } },
  ])('$what is valid', ({ values }) => {
    expect(conform(rendered(values), version, crds)).toMatch(/^Summary: \d+ resources found .*Invalid: 0, Errors: 0/);
  });

  it('a field that there is not is found', () => {
    const wrong = rendered({}).replace('"replicas":1', '"replica":1');
    expect(conform(wrong, version, crds)).toContain("additional properties 'replica' not allowed");
  });
});

it('the oldest one is that of Chart.yaml', () => {
  const { kubeVersion } = load(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as { kubeVersion: string };
  expect(kubeVersion).toBe(`>=${oldest}-0`);
});
