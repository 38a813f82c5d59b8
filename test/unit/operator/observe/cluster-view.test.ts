import { expect, it } from 'vitest';
import { ClusterView } from '../../../../operator/observe/cluster-view.ts';
import { systemClock } from '../../../../shared/clock.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';
import { createLogger } from '../../../../shared/log.ts';
import { release } from '../given-release.ts';

const spec = { containers: [{ envFrom: [{ secretRef: { name: release.bootstrapSecret } }] }] };
const going = { deletionTimestamp: '2026-11-23T12:00:00Z' };
const object = (name: string, kind: 'workload' | 'pod', metadata: object = {}) => ({
  metadata: { name, uid: name, resourceVersion: '7', namespace: release.namespace, ...metadata },
  spec: kind === 'pod' ? spec : { template: { spec } },
});

it('a workload that is being deleted is none any more, as in an uninstall in the foreground; its pods hold what they hold', async () => {
  const lists: Readonly<Record<string, object[]>> = {
    deployments: [object('stays', 'workload'), object('goes', 'workload', going)],
    pods: [object('goes-0', 'pod', going)],
  };
  const get = (path: string) => Promise.resolve({ metadata: { resourceVersion: '9' }, items: lists[path.split('/').at(-1)!] ?? [] });
  const client = { get } as unknown as KubeClient;
  const view = new ClusterView({ client, scope: { kind: 'release', release }, clock: systemClock, log: createLogger('test', 'silent'), onChange: () => {} });
  const { workloads, pods } = await view.readAnew(release);
  expect(workloads.map(({ name }) => name)).toEqual(['stays']);
  expect(pods).toMatchObject([{ name: 'goes-0', terminating: true }]);
});
