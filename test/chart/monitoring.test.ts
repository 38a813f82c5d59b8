/** What Prometheus and Grafana find. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everything } from './everything.ts';
import { chart, containerOf, render, type Rendered } from './render.ts';

interface Monitor {
  readonly selector: { readonly matchLabels: object };
  readonly endpoints?: { readonly port: string; readonly honorLabels: boolean }[];
  readonly podMetricsEndpoints?: { readonly port: string }[];
}
interface Rules {
  readonly groups: { readonly rules: { readonly alert: string; readonly expr: string; readonly labels: object; readonly annotations: { readonly summary: string } }[] }[];
}

const operations = readFileSync(join(chart, '../docs/operations.md'), 'utf8');
const documented = new Set([...operations.matchAll(/^\| `(kure_\w+)` \|/gm)].map(([, name]) => name));
const metricsIn = (text: string): string[] => [...new Set(text.match(/\bkure_\w+/g))];
const alertsOf = (rendered: Rendered) => rendered.all('PrometheusRule').flatMap(({ spec }) => (spec as Rules).groups.flatMap(({ rules }) => rules));

describe('metrics', () => {
  const rendered = render({ values: everything });

  it('are watched by nobody unless it is asked for', () => {
    const plain = render();
    for (const kind of ['ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'ConfigMap'] as const) expect(plain.all(kind)).toEqual([]);
  });

  it('are scraped from every program, by ports that it has', () => {
    const monitors = [...rendered.all('ServiceMonitor'), ...rendered.all('PodMonitor')];
    const programs = ['agent', 'backend', 'operator', 'security-scanner'].map((name) => `kure-monitor-${name}`);
    expect(new Set(monitors.map(({ metadata }) => metadata?.name))).toEqual(new Set(programs));
    for (const { metadata, spec } of monitors) {
      const { selector, endpoints, podMetricsEndpoints } = spec as Monitor;
      const workload = rendered.workload(metadata?.name ?? '');
      expect(workload.template.metadata?.labels).toMatchObject(selector.matchLabels);
      const ports = containerOf(workload).ports?.map(({ name }) => name);
      for (const { port } of [...(endpoints ?? []), ...(podMetricsEndpoints ?? [])]) expect(ports).toContain(port);
    }
  });

  it('of the operator keep the namespace and the release that they speak of', () => {
    const { spec } = rendered.get('ServiceMonitor', 'kure-monitor-operator');
    expect((spec as Monitor).endpoints?.[0]?.honorLabels).toBe(true);
  });

  it('are found by the labels that a Prometheus asks for', () => {
    const values = { metrics: { monitors: { enabled: true, labels: { release: 'prom' } }, rules: { enabled: true, labels: { release: 'prom' } } } };
    for (const kind of ['ServiceMonitor', 'PodMonitor', 'PrometheusRule'] as const) {
      for (const { metadata } of render({ values }).all(kind)) expect(metadata?.labels).toMatchObject({ release: 'prom' });
    }
  });
});

describe('the alerts', () => {
  const alerts = alertsOf(render({ values: everything }));

  it('are about what may go wrong', () => {
    expect(alerts.map(({ alert }) => alert).toSorted()).toEqual([
      'KureCredentialOld',
      'KureNoOperator',
      'KureOperatorWatchSilent',
      'KureOverlapOpenTooLong',
      'KurePutBackRepeating',
      'KureRetiredTokenShown',
      'KureRotationStuck',
    ]);
  });

  it.each(alerts)('$alert asks for metrics that there are, of this release alone, and says what it means', ({ expr, annotations }) => {
    expect(metricsIn(expr)).not.toEqual([]);
    for (const name of metricsIn(expr)) expect(documented).toContain(name);
    expect(expr).toMatch(/namespace="kure-system",(release="kure-monitor"|pod=~"kure-monitor-(operator|backend)-\.\+")/);
    expect(annotations.summary).toMatch(/^[A-Z{].*\.$/);
  });

  it.each(alerts)('$alert says of which release it is, for several send theirs to one place', ({ labels }) => {
    expect(labels).toMatchObject({ namespace: 'kure-system', release: 'kure-monitor' });
  });

  it('take their limits from the values', () => {
    const rules = { enabled: true, overlapSeconds: 60, maxAgeDays: 0, contactSeconds: 61, putBacksPerHour: 7 };
    const changed = alertsOf(render({ values: { metrics: { rules } } }));
    const expression = (name: string): string | undefined => changed.find(({ alert }) => alert === name)?.expr;
    expect(expression('KureOverlapOpenTooLong')).toMatch(/> 60$/);
    expect(expression('KureOperatorWatchSilent')).toMatch(/> 61$/);
    expect(expression('KurePutBackRepeating')).toMatch(/> 7$/);
    expect(expression('KureCredentialOld')).toBeUndefined();
  });

  it('do not miss an operator where another release runs it', () => {
    const alerts = alertsOf(render({ values: { operator: { scope: 'shared' }, metrics: { rules: { enabled: true } } } }));
    expect(alerts.map(({ alert }) => alert)).not.toContain('KureNoOperator');
  });
});

describe('the dashboard', () => {
  const [configMap] = render({ values: { metrics: { dashboard: { enabled: true } } } }).all('ConfigMap');

  it('is found by the sidecar of Grafana', () => {
    expect(configMap?.metadata?.labels).toMatchObject({ grafana_dashboard: '1' });
  });

  it('is JSON, and shows metrics that there are', () => {
    const [text = ''] = Object.values(configMap?.data ?? {});
    const { panels } = JSON.parse(text) as { panels: { title: string; targets: { expr: string }[] }[] };
    expect(panels.length).toBeGreaterThan(8);
    for (const { targets } of panels) {
      for (const { expr } of targets) for (const name of metricsIn(expr)) expect(documented).toContain(name);
    }
  });

  it('is another one for each release, in its file as in its uid and title, and opens on that release', () => {
    const values = { metrics: { dashboard: { enabled: true } } };
    const boards = [{ values }, { values, namespace: 'two' }, { values, release: 'red' }].flatMap((options) =>
      render(options).all('ConfigMap').flatMap(({ data }) => Object.entries(data ?? {})),
    );
    const parsed = boards.map(([, text]) => JSON.parse(text) as { uid: string; title: string; templating: { list: { name: string; current?: { value: string } }[] } });
    for (const of of [boards.map(([file]) => file), parsed.map(({ uid }) => uid), parsed.map(({ title }) => title)]) expect(new Set(of).size).toBe(3);
    expect(parsed[1]?.title).toBe('Kure Monitor: rotation of kure-monitor in two');
    const chosen = parsed[1]?.templating.list.map(({ name, current }) => [name, current?.value]);
    expect(chosen).toEqual([['datasource', undefined], ['namespace', 'two'], ['release', 'kure-monitor']]);
  });
});
