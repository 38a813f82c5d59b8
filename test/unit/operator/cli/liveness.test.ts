import { expect, it } from 'vitest';
import { operatorLiveness } from '../../../../operator/cli/release/liveness.ts';
import { releaseNamed } from '../../../../operator/cli/release/settings.ts';
import type { KubeClient } from '../../../../shared/kube/client.ts';
import { KubeError } from '../../../../shared/kube/kube-error.ts';

const now = Date.parse('2026-11-23T12:00:00Z');

interface Cluster {
  /** Undefined: nobody may list them. */
  readonly deployments: readonly object[] | undefined;
  /** Whether somebody renews the Lease every two seconds. */
  readonly isRenewed: boolean;
}

/** What is seen of a Lease that was renewed a second ago; looking takes no time of ours. */
function look({ deployments, isRenewed }: Cluster) {
  let passed = 0;
  const get = async (path: string) => {
    if (path.includes('/leases/')) {
      const renewals = isRenewed ? Math.floor(passed / 2_000) : 0;
      const spec = { holderIdentity: 'operator', leaseDurationSeconds: 15, renewTime: new Date(now - 1_000 + renewals * 2_000).toISOString() };
      return { metadata: { name: 'r-operator', resourceVersion: `${100 + renewals}` }, spec };
    }
    if (deployments === undefined) throw new KubeError('forbidden', 403, 'Forbidden');
    return { items: deployments };
  };
  const clock = {
    now: () => now + passed,
    sleep: async (ms: number) => void (passed += ms),
  };
  return operatorLiveness({ client: { get } as unknown as KubeClient, ...releaseNamed({}, 'ns', 'r'), clock, signal: new AbortController().signal });
}

const operator = { metadata: { name: 'r-operator', labels: { 'app.kubernetes.io/instance': 'r' } }, spec: { template: { spec: {} } }, status: { replicas: 1 } };

it.each<[string, Cluster, string]>([
  ['of an operator that was just uninstalled is no operator', { deployments: [], isRenewed: false }, 'away'],
  ['that somebody renews is one, wherever it runs', { deployments: [], isRenewed: true }, 'running'],
  ['of an operator with a pod is one', { deployments: [operator], isRenewed: false }, 'running'],
  ['is all that is to be seen without more rights', { deployments: undefined, isRenewed: false }, 'running'],
])('a fresh Lease %s', async (_what, cluster, expected) => {
  expect(await look(cluster)).toBe(expected);
});
