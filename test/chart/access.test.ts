/** The way in from outside, and objects of a person's own. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../backend/config.ts';
import { refusal, render, variable } from './render.ts';

const ingress = { enabled: true, hosts: ['kure.example'], className: 'nginx', annotations: { a: 'b' }, tls: [{ secretName: 'tls', hosts: ['kure.example'] }] };

describe('an Ingress', () => {
  it.each([
    { frontend: false, name: 'kure-monitor-backend', port: 8000 },
    { frontend: true, name: 'kure-monitor-frontend', port: 8080 },
  ])('leads to the frontend, or to the backend where there is none: $name', ({ frontend, name, port }) => {
    const rendered = render({ values: { ingress, frontend: { enabled: frontend } } });
    const { metadata, spec } = rendered.get('Ingress', 'kure-monitor-ingress');
    expect(metadata?.annotations).toEqual({ a: 'b' });
    expect(spec).toMatchObject({ ingressClassName: 'nginx', tls: ingress.tls });
    expect(spec?.rules).toEqual([
      { host: 'kure.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: port } } } }] } },
    ]);
    expect(rendered.get('Service', name).spec?.ports?.[0]?.port).toBe(port);
  });

  it('takes any host where none is named', () => {
    const [rule] = render({ values: { ingress: { enabled: true } } }).get('Ingress', 'kure-monitor-ingress').spec?.rules ?? [];
    expect(rule).not.toHaveProperty('host');
  });
});

describe('an HTTPRoute', () => {
  it('belongs to the Gateways that are named', () => {
    const route = { enabled: true, parentRefs: [{ name: 'web', namespace: 'gateways' }], hostnames: ['kure.example'] };
    expect(render({ values: { route } }).get('HTTPRoute', 'kure-monitor-route').spec).toMatchObject({
      parentRefs: route.parentRefs,
      hostnames: route.hostnames,
      rules: [{ backendRefs: [{ name: 'kure-monitor-backend', port: 8000 }] }],
    });
  });

  it('needs one', () => {
    expect(refusal({ values: { route: { enabled: true } } })).toContain('route.enabled needs a Gateway: name it in route.parentRefs.');
  });
});

const trusting = (trustedProxies: string[]) => ({ ingress: { enabled: true }, backend: { trustedProxies } });
const trusted = (values: object) => variable(render({ values }).workload('kure-monitor-backend'), 'TRUSTED_PROXIES');

describe('a proxy in front of the backend', () => {
  it('is believed where it is named, and nobody is otherwise', () => {
    const networks = ['10.244.0.0/16', 'fd00::/8', '192.0.2.7', '::ffff:10.0.0.1'];
    expect(readConfig({ TRUSTED_PROXIES: trusted(trusting(networks))?.value }).trustedProxies).toEqual(networks);
    expect(trusted(trusting([]))).toBeUndefined();
  });

  it.each(['ingress', '10.0.0', '10.0.0.256', '10.0.0.0/33', 'fd00::/129', '10.0.0.1,10.0.0.2', ''])('is an address or a network: not %j', (network) => {
    expect(refusal({ values: trusting([network]) })).toContain("at '/backend/trustedProxies/0'");
  });
});

describe('extra objects', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-extra' } };

  it.each([
    { what: 'a list of objects', extraObjects: [object] },
    { what: 'a list of texts', extraObjects: [JSON.stringify(object)] },
    { what: 'a map of objects', extraObjects: { any: object } },
  ])('may be $what, with templates in them', ({ extraObjects }) => {
    expect(render({ values: { extraObjects } }).get('ConfigMap', 'kure-monitor-extra')).toBeDefined();
  });
});
