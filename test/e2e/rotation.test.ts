import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { killContainerProcess } from '../../testbed/faults.ts';
import { difference, stopTraffic, storedReports, tally, waitForAccepted } from '../../testbed/demo/counts.ts';
import { generations, restartsBetween } from '../../testbed/demo/restarts.ts';
import { measureRotation, type Measured, type Watcher } from '../../testbed/demo/rotation.ts';
import { areStored, liveRelease, nothingLost, onceEach } from './live-release.ts';

const live = liveRelease('e2e-rotation', ['--set', 'operator.extraWorkloads={deployment/traffic}']);

const readersOfToken = { ...onceEach, 'Deployment/kure-monitor-operator': 0 };

const readersOfSession = {
  'Deployment/kure-monitor-backend': 1,
  'Deployment/kure-monitor-security-scanner': 0,
  'DaemonSet/kure-monitor-agent': 0,
  'Deployment/traffic': 0,
  'Deployment/kure-monitor-operator': 0,
};

const rotate = (keys: readonly string[], watcher: Partial<Watcher> = {}): Promise<Measured> =>
  measureRotation(live.client, live.release, keys, { onStatus: () => {}, ...watcher });

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: { readonly containerStatuses: readonly { readonly restartCount: number }[] };
}

/** The only one of its component, once the one before it has gone: until then that may hold the Lease, or serve. */
async function podOf(component: string): Promise<Pod> {
  let pods: readonly Pod[] = [];
  await vi.waitFor(
    async () => {
      pods = (await live.release.get<{ items: Pod[] }>('pods', `--selector=app.kubernetes.io/component=${component}`)).items;
      expect(pods).toHaveLength(1);
    },
    { timeout: 60_000, interval: 200 },
  );
  return pods[0]!;
}

test('a new service token restarts each of its readers once and rejects nothing', async () => {
  const { tally, restarts } = await rotate(['service-token']);
  expect(tally).toMatchObject(nothingLost);
  expect(restarts).toEqual(readersOfToken);
});

test('a new session secret restarts the backend alone and rejects nothing', async () => {
  const { tally, restarts } = await rotate(['session-secret']);
  expect(tally).toMatchObject(nothingLost);
  expect(restarts).toEqual(readersOfSession);
});

test('two keys edited together cost one restart', async () => {
  const { tally, restarts } = await rotate(['service-token', 'session-secret']);
  expect(tally).toMatchObject(nothingLost);
  expect(restarts).toEqual(readersOfToken);
});

// The phases that last for seconds; crash.test.ts has every write of all of them.
test.each(['Debouncing', 'Verifying', 'Presenting'])(
  'an operator that is killed in %s goes on where the cluster stands',
  async (phase) => {
    // A new pod, so that the kubelet starts the killed container again at once.
    await live.release.kubectl(['rollout', 'restart', 'deployment/kure-monitor-operator']);
    await live.release.kubectl(['rollout', 'status', 'deployment/kure-monitor-operator', '--timeout=1m']);
    const podName = (await podOf('operator')).metadata.name;
    const { namespace } = live.release;
    let killing: Promise<number> | undefined;
    const { tally, restarts } = await rotate(['service-token'], {
      onStatus: (status) => {
        if (status.phase !== phase || killing) return;
        killing = killContainerProcess({ namespace, podName, container: 'operator' });
      },
    });
    expect(await killing, `the status showed ${phase} and the operator was killed`).toBeGreaterThan(0);
    expect((await podOf('operator')).status.containerStatuses[0]!.restartCount).toBe(1);
    expect(tally).toMatchObject(nothingLost);
    expect(restarts).toEqual(readersOfToken);
  },
);

test('a presenter pod that starts right after the edit, before any restart, is not rejected', async () => {
  const { tally, restarts } = await rotate(['service-token'], {
    onEdit: async () => {
      await live.release.kubectl(['delete', 'pod', '--selector=app.kubernetes.io/name=traffic', '--wait=false']);
    },
  });
  expect(tally).toMatchObject(nothingLost);
  expect(restarts).toEqual(readersOfToken);
});

test('the backend, one replica on SQLite with its volume, rolls over without a gap', async () => {
  const before = { tally: await tally(live.release), generations: await generations(live.release) };
  await live.release.kubectl(['rollout', 'restart', 'deployment/kure-monitor-backend']);
  await live.release.kubectl(['rollout', 'status', 'deployment/kure-monitor-backend', '--timeout=2m']);
  await waitForAccepted(live.release, 400);
  expect(difference(await tally(live.release), before.tally)).toMatchObject(nothingLost);
  const restarts = restartsBetween(before.generations, await generations(live.release));
  expect(restarts).toMatchObject({ 'Deployment/kure-monitor-backend': 1, 'DaemonSet/kure-monitor-agent': 0 });
});

test('a backend that stands still for four seconds, as on a slow disk, answers late and refuses nothing', async () => {
  const before = await tally(live.release);
  const { metadata } = await podOf('backend');
  const pid = await killContainerProcess({ namespace: live.release.namespace, podName: metadata.name, container: 'backend', signal: 'SIGSTOP' });
  await sleep(4_000);
  process.kill(pid, 'SIGCONT');
  await waitForAccepted(live.release, 400);
  expect(difference(await tally(live.release), before)).toMatchObject(nothingLost);
});

test('every report that was accepted is in the database at the end', async () => {
  const counted = await stopTraffic(live.release);
  expect(counted.accepted).toBeGreaterThan(5_000);
  expect(await storedReports(live.release)).toSatisfy((stored: number) => areStored(stored, counted), JSON.stringify(counted));
});
