import type { V1PolicyRule } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { render, type Rendered } from './render.ts';

const core = [''];
const lease = 'coordination.k8s.io/leases';
const credentials = ['kure-monitor-bootstrap', 'kure-monitor-keyring'];

/** One line for each right, so that a difference reads well. */
const rights = (rules: V1PolicyRule[] | undefined): string[] =>
  (rules ?? [])
    .flatMap(({ apiGroups = core, resources = [], resourceNames = ['*'], verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) => verbs.map((verb) => `${verb} ${group ? `${group}/` : ''}${resource} ${name}`)),
        ),
      ),
    )
    .sort();

const each = (verbs: string[], resources: string[], names: string[] = ['*']): string[] =>
  verbs.flatMap((verb) => resources.flatMap((resource) => names.map((name) => `${verb} ${resource} ${name}`)));

const operatorRights = [
  ...each(['list', 'watch', 'patch'], ['secrets'], [...credentials, 'kure-monitor-encryption']),
  ...each(['create'], ['secrets', 'configmaps', 'pods/eviction', 'events']),
  ...each(['patch'], ['configmaps'], ['kure-monitor-rotation']),
  ...each(['patch'], ['events']),
  ...each(['create'], [lease]),
  ...each(['get', 'update'], [lease], ['kure-monitor-operator']),
  ...each(['list', 'watch'], ['apps/deployments', 'apps/daemonsets', 'apps/statefulsets', 'pods']),
  ...each(['patch'], ['apps/deployments'], ['kure-monitor-backend', 'kure-monitor-security-scanner']),
  ...each(['patch'], ['apps/daemonsets'], ['kure-monitor-agent']),
];

const waitingRights = [...each(['get', 'list', 'watch'], ['configmaps'], ['kure-monitor-rotation']), ...each(['get'], [lease], ['kure-monitor-operator'])];

const operatorRole = (rendered: Rendered): string[] => rights(rendered.get('Role', 'kure-monitor-operator').rules);

const writing = (name: string): string[] => each(['get', 'patch'], ['secrets'], [name]);

const ofRotation = (values: object): string[] => rights(render({ values }).get('Role', 'kure-monitor-rotation').rules);

describe('rights', () => {
  const rendered = render();

  it('of the operator are these, in its own namespace only', () => {
    expect(operatorRole(rendered)).toEqual(operatorRights.sort());
  });

  it('of the backend are to follow two Secrets and the status', () => {
    const status = each(['list', 'watch'], ['configmaps'], ['kure-monitor-rotation']);
    expect(rights(rendered.get('Role', 'kure-monitor-backend').rules)).toEqual(
      [...each(['get', 'list', 'watch'], ['secrets'], credentials), ...status].sort(),
    );
  });

  it('of the agent are to follow pods, and to read events and logs', () => {
    expect(rights(rendered.get('ClusterRole', 'kure-system:kure-monitor-agent').rules)).toEqual(
      [...each(['get', 'list', 'watch'], ['pods']), 'list events *', 'get pods/log *'].sort(),
    );
  });

  it('of the scanner are to follow pods', () => {
    expect(rights(rendered.get('ClusterRole', 'kure-system:kure-monitor-security-scanner').rules)).toEqual(['list pods *', 'watch pods *']);
  });

  it('of the test are to see how a rotation goes', () => {
    expect(rights(rendered.get('Role', 'kure-monitor-selftest').rules)).toEqual(each(['list', 'watch'], ['configmaps'], ['kure-monitor-rotation']));
  });

  it('of a rotation by the clock are to write what it rotates, and to wait', () => {
    expect(ofRotation({ rotation: { schedule: '@daily' } })).toEqual([...writing('kure-monitor-bootstrap'), ...waitingRights].sort());
    expect(ofRotation({ rotation: { schedule: '@daily', keys: ['encryption-key'] } })).toEqual(
      [...writing('kure-monitor-encryption'), ...waitingRights].sort(),
    );
  });

  it('go beyond the namespace for nobody else', () => {
    expect(rendered.all('Role').map(({ metadata }) => metadata?.name)).toEqual([
      'kure-monitor-backend',
      'kure-monitor-operator',
      'kure-monitor-selftest',
    ]);
    expect(rendered.all('ClusterRole').map(({ metadata }) => metadata?.name)).toEqual([
      'kure-system:kure-monitor-agent',
      'kure-system:kure-monitor-security-scanner',
    ]);
  });

  it('are bound to the account of the same component, in the namespace of the release', () => {
    for (const { metadata, roleRef, subjects } of [...rendered.all('RoleBinding'), ...rendered.all('ClusterRoleBinding')]) {
      expect(roleRef.name).toBe(metadata?.name);
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: roleRef.name.replace('kure-system:', ''), namespace: 'kure-system' }]);
    }
    expect(rendered.all('RoleBinding')).toHaveLength(3);
    expect(rendered.all('ClusterRoleBinding')).toHaveLength(2);
  });

  it('reach a pod only where the pod asks for them', () => {
    for (const account of rendered.all('ServiceAccount')) expect(account.automountServiceAccountToken).toBe(false);
    for (const { name, template } of [...rendered.workloads, ...rendered.errands]) {
      expect(template.spec?.serviceAccountName).toBe(name);
      expect(template.spec?.automountServiceAccountToken).toBe(true);
    }
  });

  it('of the operator grow by exactly the workloads that are named', () => {
    const extraWorkloads = ['deployment/web', 'statefulset/queue', 'daemonset/shipper', 'deployment/api', 'deployment/web'];
    const more = ['patch apps/deployments web', 'patch apps/deployments api', 'patch apps/daemonsets shipper', 'patch apps/statefulsets queue'];
    expect(operatorRole(render({ values: { operator: { extraWorkloads } } }))).toEqual([...operatorRights, ...more].sort());
  });

  it('of an operator for the whole cluster are the same, without names, but for the Lease', () => {
    const cluster = render({ values: { operator: { scope: 'cluster' } } });
    const { rules } = cluster.get('ClusterRole', 'kure-system:kure-monitor-operator');
    const ofLease = operatorRights.filter((right) => right.includes(lease));
    const nameless = operatorRights.filter((right) => !ofLease.includes(right)).map((right) => right.replace(/ [^ ]*$/, ' *'));
    expect(operatorRole(cluster)).toEqual(ofLease);
    expect(rights(rules)).toEqual([...new Set([...nameless, 'patch apps/statefulsets *'])].sort());
  });
});
