import { describe, expect, test } from 'vitest';
import { registryOf } from '../../../scanner/checks/untrusted-registry.ts';
import { buildFindingReport } from '../../../scanner/finding.ts';
import { findingsOf, type Suppressions } from '../../../scanner/rules.ts';
import type { PodSpec, Workload } from '../../../scanner/workload.ts';

const nothing: Suppressions = { excludedNamespaces: new Set(), excludedRules: [], trustedRegistries: new Set() };
const safe = { name: 'app', image: 'ghcr.io/shop/web:1', securityContext: { runAsNonRoot: true } };

function givenWorkload(spec: PodSpec, metadata: Partial<Workload['metadata']> = {}): Workload {
  return { metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', resourceVersion: '7', ...metadata }, spec };
}

function titlesOf(spec: PodSpec, suppressions: Partial<Suppressions> = {}): string[] {
  return findingsOf(givenWorkload(spec), { ...nothing, ...suppressions }, 'kure').map(({ title }) => title);
}

describe('the checks', () => {
  test('find nothing in a container that is safe', () => {
    expect(titlesOf({ containers: [safe] })).toEqual([]);
  });

  test('pass over a container that says it is not privileged', () => {
    const spec = { containers: [{ ...safe, securityContext: { ...safe.securityContext, privileged: false } }] };
    expect(titlesOf(spec)).toEqual([]);
  });

  test('find privileged containers, init containers included', () => {
    const privileged = { ...safe, securityContext: { ...safe.securityContext, privileged: true } };
    expect(titlesOf({ initContainers: [{ ...privileged, name: 'prepare' }], containers: [privileged] })).toEqual([
      'Privileged container: prepare',
      'Privileged container: app',
    ]);
  });

  test.each([
    ['nothing says otherwise', undefined, undefined, ['Container may run as root: app']],
    ['the container says user 0', undefined, { runAsUser: 0 }, ['Container runs as root (UID 0): app']],
    ['the container says user 0 and the pod another', { runAsUser: 7 }, { runAsUser: 0 }, ['Container runs as root (UID 0): app']],
    ['the pod says user 0', { runAsUser: 0 }, {}, ['Container runs as root (UID 0): app']],
    ['the container allows root and the pod does not', { runAsNonRoot: true }, { runAsNonRoot: false }, ['Container may run as root: app']],
    ['the pod says non-root', { runAsNonRoot: true }, {}, []],
    ['the container says another user', undefined, { runAsUser: 7 }, []],
  ] as const)('judge running as root when %s', (_, ofPod, ofContainer, titles) => {
    const spec = {
      ...(ofPod && { securityContext: ofPod }),
      containers: [{ name: 'app', image: 'busybox', ...(ofContainer && { securityContext: ofContainer }) }],
    };
    expect(titlesOf(spec)).toEqual(titles);
  });

  test('find images of registries that nobody trusts', () => {
    const spec = { containers: [{ ...safe, image: 'Registry.Example.com:5000/shop/web:1' }] };
    expect(titlesOf(spec)).toEqual(['Image from untrusted registry: app']);
    expect(titlesOf(spec, { trustedRegistries: new Set(['registry.example.com']) })).toEqual([]);
    const [finding] = findingsOf(givenWorkload(spec), nothing, undefined);
    expect(finding).toMatchObject({ severity: 'high', description: expect.stringContaining("from registry 'registry.example.com'") });
  });

  test.each([
    ['nginx', 'docker.io'],
    ['library/nginx:1.27', 'docker.io'],
    ['localhost/web', 'localhost'],
    ['localhost:5000/web', 'localhost'],
    ['quay.io/a/b@sha256:00', 'quay.io'],
  ])('read %s as an image of %s', (image, registry) => {
    expect(registryOf(image)).toBe(registry);
  });
});

describe('a finding is left out', () => {
  const unsafe = { containers: [{ name: 'app', image: 'busybox' }] };

  test.each([
    ['its whole title, everywhere', { title: 'Container may run as root: app', namespace: null }],
    ['its rule, everywhere', { title: 'Container may run as root', namespace: null }],
    ['its rule, in its namespace', { title: 'Container may run as root', namespace: 'shop' }],
  ])('when people exclude %s', (_, rule) => {
    expect(titlesOf(unsafe, { excludedRules: [rule] })).toEqual([]);
  });

  test('but not by a rule for another namespace or another title', () => {
    const excludedRules = [
      { title: 'Container may run as root', namespace: 'bank' },
      { title: 'Container may run as root', namespace: '' },
      { title: 'Container may run', namespace: null },
      { title: 'Container may run as root: other', namespace: null },
    ];
    expect(titlesOf(unsafe, { excludedRules })).toEqual(['Container may run as root: app']);
  });

  test('in excluded, built-in and own namespaces, and in mirrors', () => {
    const suppressions = { ...nothing, excludedNamespaces: new Set(['bank']) };
    const hidden = [{ namespace: 'bank' }, { namespace: 'kube-system' }, { namespace: 'kure' }, { labels: { 'kure.io/mirror': 'true' } }];
    expect(findingsOf(givenWorkload(unsafe), suppressions, 'kure')).toHaveLength(1);
    for (const metadata of hidden) expect(findingsOf(givenWorkload(unsafe, metadata), suppressions, 'kure')).toEqual([]);
  });
});

test('a finding is reported with the fields of the wire contract', () => {
  const workload = givenWorkload({ containers: [{ name: 'app', image: 'busybox' }] });
  const [finding] = findingsOf(workload, nothing, undefined);
  expect(buildFindingReport(workload, finding!, Date.parse('2026-11-23T10:00:00Z'))).toEqual({
    resource_type: 'Pod',
    resource_name: 'web-0',
    namespace: 'shop',
    severity: 'medium',
    category: 'Security',
    title: 'Container may run as root: app',
    description: expect.stringContaining("'app'"),
    remediation: expect.stringContaining('runAsNonRoot'),
    timestamp: '2026-11-23T10:00:00.000Z',
    manifest: expect.stringContaining('kind: Pod'),
  });
});
