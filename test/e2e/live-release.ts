/** The chart on the test bed under live traffic, shared by the tests of a file. */
import { afterAll, beforeAll } from 'vitest';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { startTraffic, type Tally } from '../../testbed/demo/counts.ts';
import { Release } from '../../testbed/demo/release.ts';

export interface Live {
  readonly release: Release;
  readonly client: KubeClient;
}

/** Installs before the first test and removes after the last one. */
export function liveRelease(namespace: string, values: readonly string[]): Live {
  const live: { release?: Release; client?: KubeClient } = {};
  beforeAll(async () => {
    live.release = new Release(namespace, testBedTools());
    live.client = new KubeClient(await connect(), 'kure-bootstrap-test');
    await live.release.install(values);
    await startTraffic(live.release);
  });
  afterAll(() => live.release?.remove());
  return live as Live;
}

/** Of a tally: every report was accepted. */
export const nothingLost = { rejected: 0, failed: 0, causes: {} };

/** Restarts for a rotation of the service token: one of each of its readers. */
export const onceEach = {
  'Deployment/kure-monitor-backend': 1,
  'Deployment/kure-monitor-security-scanner': 1,
  'DaemonSet/kure-monitor-agent': 1,
  'Deployment/traffic': 1,
};

/** Of reports that are stored: every one that was accepted; one whose answer was lost or late may be, too. */
export const areStored = (stored: number, { accepted, failed }: Tally): boolean => accepted <= stored && stored <= accepted + failed;
