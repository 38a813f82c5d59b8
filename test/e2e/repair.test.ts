import { expect, test } from 'vitest';
import { tally, waitForAccepted } from '../../testbed/demo/counts.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { liveRelease } from './live-release.ts';

const live = liveRelease('e2e-repair', ['--set', 'operator.extraWorkloads={deployment/traffic,deployment/stale}']);

/** Reads the key like any presenter, and presents the token of today for ever: what a stale start looks like. */
async function startStale(): Promise<void> {
  const { data } = await live.release.get<{ data: Record<string, string> }>('secret', 'kure-monitor-bootstrap');
  const traffic = await live.release.get<Manifest>('deployment', 'traffic');
  const labels = { app: 'stale' };
  const [container] = traffic.spec.template.spec.containers;
  const env = [
    { name: 'READS_THE_KEY', valueFrom: { secretKeyRef: { name: 'kure-monitor-bootstrap', key: 'service-token' } } },
    { name: 'SERVICE_TOKEN', value: Buffer.from(data['service-token']!, 'base64').toString() },
    { name: 'BACKEND_URL', value: 'http://kure-monitor-backend:8000' },
    { name: 'POD_NAME', value: 'stale' },
    { name: 'RATE', value: '5' },
  ];
  const spec = {
    ...traffic.spec.template.spec,
    affinity: undefined,
    containers: [{ ...container, env }],
    volumes: [{ name: 'counts', emptyDir: {} }],
  };
  const annotations = { 'bootstrap.kure.io/role': 'presenter' };
  const manifest = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'stale' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec } },
  };
  await live.release.kubectl(['apply', '--filename', '-'], { input: JSON.stringify(manifest) });
  await live.release.kubectl(['rollout', 'status', 'deployment/stale', '--timeout=1m']);
}

interface Manifest {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly object[] } } };
}

test('a pod that goes on with the old value is replaced twice, then named; nothing is retired under it', async () => {
  await startStale();
  await waitForAccepted(live.release, 50);
  const before = await tally(live.release);
  const { resourceVersion } = await editSecret(live.release, ['service-token']);
  const seen = new Set<string>();
  const named = Promise.withResolvers<void>();
  const stable = followRotation(live.client, live.release, resourceVersion, ({ phase, keys }) => {
    seen.add(phase);
    const waitingFor = keys['service-token']?.waitingFor ?? [];
    if (waitingFor.some((what) => /^pod stale-.* to be replaced by hand/.test(what))) named.resolve();
  });
  await Promise.race([named.promise, stable]);
  expect(seen, 'nothing is retired while a pod uses the old value').not.toContain('Retiring');
  const events = await live.release.get<{ items: { message: string }[] }>('events', '--field-selector=reason=Repaired');
  expect(events.items).toHaveLength(2);

  await live.release.kubectl(['delete', 'deployment', 'stale']);
  await stable;
  await waitForAccepted(live.release, 50);
  const { rejected, failed } = await tally(live.release);
  expect({ rejected, failed }).toEqual({ rejected: before.rejected, failed: before.failed });
});
