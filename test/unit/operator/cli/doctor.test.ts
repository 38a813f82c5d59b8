import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../../../operator/cli/commands/doctor.ts';
import { checks } from '../../../../operator/cli/doctor/checks.ts';
import type { Facts } from '../../../../operator/cli/doctor/facts.ts';
import { decode } from '../../../../operator/cli/doctor/helm-release.ts';
import { operatorNeeds, stampRight } from '../../../../operator/cli/rights.ts';
import { releaseNamed } from '../../../../operator/cli/release/settings.ts';
import { agent, backend, rollout } from '../../../fixtures/given.ts';
import { givenStatus, now, rotatingKey } from './given-status.ts';

const found = releaseNamed({}, 'ns', 'r');
const metadata = (name: string) => ({ name, namespace: 'ns', uid: name, resourceVersion: '20' });
const operator = { metadata: metadata('r-operator'), spec: { template: { spec: {} } }, status: { availableReplicas: 1 } };
const operatorMay = (allowed: boolean) => operatorNeeds(found).map((right) => ({ ...right, who: 'operator' as const, allowed }));

const helm = { chart: 'kure-monitor-0.1.0', set: ['backend.logLevel'], operatorEnabled: true, extraWorkloads: ['deployment/known'] };

const healthy: Facts = {
  ...found,
  now,
  kubernetes: { major: 1, minor: 34 },
  helm,
  operator,
  status: givenStatus(),
  hasAccount: true,
  liveness: 'running',
  lastContact: now / 1000 - 30,
  bootstrap: metadata('r-bootstrap'),
  immutable: [],
  readers: [backend(), agent()],
  deadEnds: [],
  workloads: [{ id: 'deployment/r-backend', images: ['ghcr.io/kure-bootstrap/backend:0.1.0'], variables: ['SERVICE_TOKEN'] }],
  rights: [...operatorMay(true), { ...stampRight(agent()), who: 'operator', allowed: true }],
  you: 'jane',
  statusFault: undefined,
  hidden: new Set(),
};

const findings = (change: Partial<Facts> = {}) => Object.values(checks).flatMap(({ check }) => check({ ...healthy, ...change }));

describe('doctor', () => {
  it('finds nothing on a healthy release', () => expect(findings()).toEqual([]));

  it.each<[string, Partial<Facts>, string, string]>([
    ['an old Kubernetes', { kubernetes: { major: 1, minor: 24 } }, 'Kubernetes 1.24 is older', 'upgrade the cluster'],
    ['an operator that is switched off', { operator: undefined, liveness: 'away', helm: { ...helm, operatorEnabled: false } }, 'operator.enabled is false', '--set operator.enabled=true'],
    ['a Lease that nobody renews', { liveness: 'away' }, 'nobody renews the Lease r-operator', 'kubectl logs'],
    ['an operator without a pod', { liveness: 'away', operator: { ...operator, status: {} } }, 'has no available pod', 'kubectl describe deployment r-operator'],
    ['an operator without its ServiceAccount', { liveness: 'away', hasAccount: false }, 'ServiceAccount default is missing', 'kubectl rollout restart deployment/r-operator -n ns'],
    ['an operator that is scaled to zero', { liveness: 'away', operator: { ...operator, spec: { ...operator.spec, replicas: 0 }, status: {} } }, 'is scaled to zero', 'kubectl scale deployment r-operator --replicas=1 -n ns'],
    ['a Secret of the operator before', { operator: undefined, bootstrap: { ...metadata('r-bootstrap'), annotations: { 'bootstrap.kure.io/operator': 'own' } } }, 'the one of the cluster leaves it alone', 'kubectl annotate secret r-bootstrap bootstrap.kure.io/operator- -n ns'],
    ['a watch that is silent', { lastContact: now / 1000 - 900 }, 'has heard nothing for 900 seconds', 'kubectl rollout restart deployment/r-operator'],
    ['a status that is missing', { status: undefined }, 'no ConfigMap r-rotation', 'kubectl rollout restart deployment/r-operator -n ns\nkubectl logs'],
    ['a status of another version', { status: undefined, statusFault: 'the ConfigMap r-rotation was not written by this version' }, 'not written by this version', 'kubectl rollout restart'],
    ['a status of an older Secret', { bootstrap: { ...metadata('r-bootstrap'), resourceVersion: '30' } }, 'has not looked at the present one', 'status --watch'],
    ['a failure of the operator', { status: givenStatus({ failures: ['Stamp failed: 403'] }) }, 'Stamp failed: 403', 'kure-bootstrap status -n ns --release r'],
    ['a pause', { status: givenStatus({ phase: 'Paused' }) }, 'the operator is paused', 'kure-bootstrap resume -n ns --release r'],
    ['a rotation that waits for a person', { status: givenStatus({ phase: 'Stuck', waitingFor: ['a node'], keys: { 'service-token': rotatingKey() } }) }, 'the phase is Stuck; a node; DaemonSet/agent to restart', 'kure-bootstrap status'],
    ['a right that the operator lacks', { rights: operatorMay(false) }, 'the operator may not list,watch,patch secrets r-keyring', 'the same with --force-conflicts'],
    ['a right that the person lacks', { rights: [{ verb: 'patch', group: '', resource: 'secrets', name: 'r-bootstrap', who: 'you', allowed: false }] }, 'you may not patch secrets r-bootstrap', '--user=jane -n ns'],
    ['a reader that may not be restarted', { rights: [{ ...stampRight(agent()), who: 'operator', allowed: false }] }, 'the operator may not restart DaemonSet/agent', 'operator.extraWorkloads={deployment/known,daemonset/agent}'],
    ['a reader that is paused', { readers: [backend({ halted: 'paused' })] }, 'Deployment/backend is paused', 'kubectl rollout resume deployment/backend -n ns'],
    ['a reader whose pods somebody has to delete', { readers: [backend(), agent({ halted: 'onDelete' })] }, 'DaemonSet/agent is replacing pods only when they are deleted', `kubectl patch daemonset/agent --type=merge --patch '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}' -n ns`],
    ['a verifier without a pod', { readers: [backend({ rollout: rollout(0) })] }, 'no pod of Deployment/backend is available', 'kubectl scale deployment/backend --replicas=1 -n ns'],
    ['a verifier that is not available', { readers: [backend({ rollout: rollout(1, { available: 0 }) })] }, 'no pod of Deployment/backend is available', 'kubectl describe deployment/backend -n ns'],
    ['a Service that leads nowhere', { deadEnds: ['r-backend'] }, 'the Service r-backend leads to no ready pod', 'kubectl describe service r-backend -n ns'],
    ['a Secret that is immutable', { immutable: ['r-bootstrap'] }, 'the Secret r-bootstrap is immutable', 'kubectl delete secret r-bootstrap -n ns'],
    ['AUTH_API_KEY', { workloads: [{ id: 'deployment/x', images: [], variables: ['AUTH_API_KEY'] }] }, 'deployment/x sets AUTH_API_KEY', 'kubectl set env deployment/x AUTH_API_KEY-'],
    ['auth.apiKey', { helm: { ...helm, set: ['auth.apiKey'] } }, 'auth.apiKey is set', '--set auth.apiKey=null'],
    ['images of 2.2', { workloads: [{ id: 'deployment/x', images: ['ghcr.io/kure/kure-backend:2.2.1'], variables: [] }] }, 'from before 2.3', 'helm upgrade'],
  ])('names %s with what mends it', (_what, change, finding, mend) => {
    const found = findings(change);
    expect(found.map(({ what }) => what).join('\n')).toContain(finding);
    expect(found.flatMap(({ mend }) => mend).join('\n')).toContain(mend);
    expect(found.every(({ isHint }) => isHint === undefined)).toBe(true);
    // Any other flag forgets what was set, or keeps what the older chart had by default.
    const upgrades = found.flatMap(({ mend }) => mend).filter((line) => line.startsWith('helm upgrade'));
    expect(upgrades.filter((line) => !line.includes(' --reset-then-reuse-values'))).toEqual([]);
    // A shell would take them for redirections.
    expect(found.flatMap(({ mend }) => mend).join('')).not.toMatch(/[<>]/);
  });

  it.each([
    [
      'Argo CD, by its annotation',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } },
      '{ kind: Secret, jsonPointers: [/data, /metadata/annotations/bootstrap.kure.io~1rendered] }',
    ],
    ['Argo CD, by what it wrote', { managedFields: [{ manager: 'argocd-controller' }] }, 'ignoreDifferences'],
    ['Flux, by its label', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }, 'ssa=IfNotPresent'],
  ])('hints at %s, and has the lines for it', (_what, marks, mend) => {
    const found = findings({ bootstrap: { ...metadata('r-bootstrap'), ...marks } });
    expect(found).toMatchObject([{ isHint: true }]);
    expect(found[0]?.mend.join('\n')).toContain(mend);
  });

  it('hints at Flux no more once it leaves the values alone', () => {
    const annotations = { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent', 'kustomize.toolkit.fluxcd.io/name': 'x' };
    expect(findings({ bootstrap: { ...metadata('r-bootstrap'), annotations } })).toEqual([]);
  });

  it('leaves a reader alone that has opted out of restarts', () => {
    expect(findings({ readers: [backend(), agent({ restartable: false, halted: 'paused' })] })).toEqual([]);
  });

  it('asks for no right on a Secret of another tool but to read it', () => {
    const external = operatorNeeds(releaseNamed({ EXTERNAL_SECRET: 'true' }, 'ns', 'r'));
    expect(external.filter(({ name }) => name === 'r-bootstrap').map(({ verb }) => verb)).toEqual(['list', 'watch']);
  });
});

it('what may not be looked at is not called good', () => {
  const nothingSeen: Facts = { ...healthy, helm: undefined, operator: undefined, liveness: 'unknown', readers: [], workloads: [], rights: [], hidden: new Set(['liveness', 'readers']) };
  const judged = Object.entries(checks).map(([what, examination]) => resultOf(what, examination, nothingSeen));
  expect(judged.filter(({ isUnknown }) => isUnknown).map(({ what }) => what)).toEqual(['an operator runs', 'it serves this release', 'it may restart all that read a key', 'their pods can be replaced', 'presenters can reach a verifier']);
  const found = resultOf('an operator runs', checks['an operator runs']!, { ...nothingSeen, liveness: 'away' });
  expect(found).toEqual({ what: 'an operator runs', findings: [expect.anything()] });
});

describe('what Helm remembers', () => {
  const document = { chart: { metadata: { name: 'kure-monitor', version: '0.1.0' } }, config: { operator: { enabled: false, extraWorkloads: ['deployment/x'] }, auth: { apiKey: 'secret-of-2.2' }, nameOverride: '' } };
  const release = decode(gzipSync(JSON.stringify(document)).toString('base64'));

  it('is the chart and which values were set', () => {
    expect(release).toEqual({ chart: 'kure-monitor-0.1.0', set: ['operator.enabled', 'operator.extraWorkloads', 'auth.apiKey'], operatorEnabled: false, extraWorkloads: ['deployment/x'] });
  });

  it('is kept without any value', () => expect(JSON.stringify(release)).not.toContain('secret-of-2.2'));
});
