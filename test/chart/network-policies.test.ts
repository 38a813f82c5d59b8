/** The network policies let exactly those connections pass that the programs make. */
import { describe, expect, it } from 'vitest';
import { allows, apiServer, dns, pod, type End } from './flows.ts';
import { refusal, render, type Rendered } from './render.ts';

const on = { networkPolicy: { enabled: true } };
const here = 'kure-system';
const of = (component: string, namespace = here): End => pod(namespace, { component, name: 'kure-monitor', instance: 'kure-monitor' });
const stranger = pod('elsewhere', { component: 'web', name: 'shop', instance: 'shop' });

const everything = {
  networkPolicy: { enabled: true, metricsFrom: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }] },
  rotation: { schedule: '@daily' },
  postgresql: { enabled: true },
  frontend: { enabled: true },
};

const from = (name: string) => [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } }];

function passes(rendered: Rendered, from: End, to: End, port: number, protocol?: 'UDP'): boolean {
  return allows(rendered.all('NetworkPolicy'), { from, to, port, protocol: protocol ?? 'TCP' });
}

describe('network policies', () => {
  it('are not there unless they are asked for', () => {
    expect(render().all('NetworkPolicy')).toEqual([]);
  });

  it('select every pod of the release, in both directions', () => {
    const rendered = render({ values: everything });
    const selected = rendered.all('NetworkPolicy').map(({ spec }) => spec?.podSelector?.matchLabels?.['app.kubernetes.io/component']);
    const pods = [...rendered.workloads, ...rendered.errands].map(({ template }) => template.metadata?.labels?.['app.kubernetes.io/component']);
    expect(new Set(selected)).toEqual(new Set(pods));
    expect(selected).toHaveLength(pods.length);
    for (const { spec } of rendered.all('NetworkPolicy')) expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  const rendered = render({ values: everything });

  it.each([
    ['agent', of('backend'), 8000],
    ['security-scanner', of('backend'), 8000],
    ['frontend', of('backend'), 8000],
    ['operator', of('backend'), 8000],
    ['selftest', of('backend'), 8000],
    ['backend', of('postgresql'), 5432],
    ...['backend', 'operator', 'agent', 'security-scanner', 'rotation', 'selftest'].map((from) => [from, apiServer, 6443] as const),
  ] as const)('let %s through to %j, port %i', (from, to, port) => {
    expect(passes(rendered, of(from), to, port)).toBe(true);
  });

  it.each(['backend', 'operator', 'agent', 'security-scanner', 'rotation', 'selftest', 'frontend'])('let %s look up names', (from) => {
    expect(passes(rendered, of(from), dns, 53, 'UDP')).toBe(true);
    expect(passes(rendered, of(from), dns, 53)).toBe(true);
  });

  it('let DNS have other ports behind its Service', () => {
    for (const port of [53, 5353]) expect(passes(rendered, of('agent'), dns, port, 'UDP')).toBe(true);
    const other = render({ values: { networkPolicy: { enabled: true, dnsPorts: [1053] } } });
    expect(passes(other, of('agent'), dns, 1053, 'UDP')).toBe(true);
    expect(passes(other, of('agent'), dns, 53, 'UDP')).toBe(false);
  });

  it.each([
    { what: 'the backend from a stranger', from: stranger, to: of('backend'), port: 8000 },
    { what: 'the backend of another release', from: of('agent'), to: pod(here, { component: 'backend', name: 'kure-monitor', instance: 'red' }), port: 8000 },
    { what: 'the same pod of another namespace', from: of('agent', 'other'), to: of('backend'), port: 8000 },
    { what: 'the database from the agent', from: of('agent'), to: of('postgresql'), port: 5432 },
    { what: 'the database from a stranger', from: stranger, to: of('postgresql'), port: 5432 },
    { what: 'the API server from the frontend', from: of('frontend'), to: apiServer, port: 6443 },
    { what: 'anything from the database', from: of('postgresql'), to: dns, port: 53 },
    { what: 'another port of the backend', from: of('agent'), to: of('backend'), port: 22 },
    { what: 'the metrics from a stranger', from: stranger, to: of('operator'), port: 8080 },
  ])('keep away: $what', ({ from, to, port }) => {
    expect(passes(rendered, from, to, port)).toBe(false);
  });

  it.each(['backend', 'operator', 'agent', 'security-scanner'])('let those read the metrics of %s who are named', (component) => {
    const scraper = pod('monitoring', { component: 'server', name: 'prometheus', instance: 'prom' });
    expect(passes(rendered, scraper, of(component), component === 'backend' ? 8000 : 8080)).toBe(true);
  });

  it('limit the API server to its addresses where they are named', () => {
    const rendered = render({ values: { networkPolicy: { enabled: true, apiServer: { cidrs: ['10.96.0.1/32'] } } } });
    expect(passes(rendered, of('agent'), { address: '10.96.0.1' }, 443)).toBe(true);
    expect(passes(rendered, of('agent'), { address: '10.96.0.2' }, 443)).toBe(false);
  });

  it('let the operator of another release ask every backend pod, and ours theirs', () => {
    const clusterWide = render({ values: { nameOverride: 'operators', operator: { scope: 'cluster' } } });
    const operator = { namespace: 'operators', labels: clusterWide.workload('kure-monitor-operator').template.metadata?.labels ?? {} };
    expect(passes(render({ values: { ...on, operator: { scope: 'shared' } } }), operator, of('backend'), 8000)).toBe(true);
    expect(passes(render({ values: on }), operator, of('backend'), 8000)).toBe(false);
    expect(passes(render({ values: { ...on, operator: { scope: 'shared' } } }), pod('operators', { component: 'operator', name: 'shop', instance: 'all' }), of('backend'), 8000)).toBe(false);
    const theirs = pod('other', { component: 'backend', name: 'kure-monitor', instance: 'red' });
    expect(passes(render({ values: { ...on, operator: { scope: 'cluster' } } }), of('operator'), theirs, 8000)).toBe(true);
    expect(passes(render({ values: on }), of('operator'), theirs, 8000)).toBe(false);
  });

  it('let the backend reach a database outside, and what else is named', () => {
    const values = { database: { existingSecret: 'db' }, networkPolicy: { enabled: true, databasePort: 6432, backendEgress: [{ ports: [{ port: 11_434 }] }] } };
    for (const port of [6432, 11_434]) expect(passes(render({ values }), of('backend'), { address: '192.0.2.7' }, port)).toBe(true);
    expect(passes(render({ values }), of('backend'), { address: '192.0.2.7' }, 5432)).toBe(false);
  });

  it('let others reach the backend where they are named, and people only the frontend where there is one', () => {
    const values = { frontend: { enabled: true }, networkPolicy: { enabled: true, webFrom: from('ingress'), backendFrom: from('elsewhere') } };
    const rendered = render({ values });
    const controller = pod('ingress', { component: 'controller', name: 'nginx', instance: 'nginx' });
    expect(passes(rendered, controller, of('frontend'), 8080)).toBe(true);
    expect(passes(rendered, controller, of('backend'), 8000)).toBe(false);
    expect(passes(rendered, stranger, of('backend'), 8000)).toBe(true);
    expect(passes(rendered, stranger, of('frontend'), 8080)).toBe(false);
  });

  it('want to know who brings requests from outside', () => {
    const values = { networkPolicy: { enabled: true }, ingress: { enabled: true } };
    expect(refusal({ values })).toContain('name the pods or the namespace of the ingress controller or Gateway in networkPolicy.webFrom.');
    const webFrom = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }];
    const controller = pod('ingress', { component: 'controller', name: 'nginx', instance: 'nginx' });
    expect(passes(render({ values: { ...values, networkPolicy: { enabled: true, webFrom } } }), controller, of('backend'), 8000)).toBe(true);
  });
});
