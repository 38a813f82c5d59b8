/** Values that switch on whatever the chart has, so that a rule can be held against all of it. */

const peers = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }];

export const everything = {
  rotation: { schedule: '@daily', keys: ['service-token', 'session-secret', 'encryption-key'] },
  operator: { replicas: 2 },
  backend: { replicas: 2 },
  frontend: { enabled: true, replicas: 2 },
  postgresql: { enabled: true },
  networkPolicy: { enabled: true, webFrom: peers, metricsFrom: peers, apiServer: { cidrs: ['10.96.0.1/32'] } },
  ingress: { enabled: true, className: 'nginx', hosts: ['kure.example'], tls: [{ secretName: 'kure-tls', hosts: ['kure.example'] }] },
  route: { enabled: true, parentRefs: [{ name: 'web', namespace: 'gateways' }], hostnames: ['kure.example'] },
  metrics: { monitors: { enabled: true }, rules: { enabled: true }, dashboard: { enabled: true } },
  extraObjects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-extra', namespace: '{{ .Release.Namespace }}' } }],
};

/** Of those, what Kubernetes knows without a CRD. */
export const withoutCrds = { ...everything, route: {}, metrics: { dashboard: { enabled: true } } };
