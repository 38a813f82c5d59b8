/** The way in from outside, and objects of a person's own. */
import { describe, expect, it } from 'vitest';
import { refusal, render } from './render.ts';

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
