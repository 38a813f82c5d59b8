/** Kure Monitor's own programs, run by the chart on real pods. Without UPSTREAM_IMAGES nothing is tested here. */
import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeClient } from '../../shared/kube/client.ts';
import { connect } from '../../shared/kube/connect.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { editSecret } from '../../testbed/demo/edit.ts';
import { followRotation } from '../../testbed/demo/follow.ts';
import { Release } from '../../testbed/demo/release.ts';
import { generations, restartsBetween } from '../../testbed/demo/restarts.ts';
import { areTaken, importUpstreamImages, logsOf, podsOf, upstreamImages } from './upstream.ts';

if (!upstreamImages) console.warn('SKIPPED: the programs of Kure Monitor. Name a folder with archives of its images: UPSTREAM_IMAGES=<folder>.');

/** What its backend logs of a request that goes by the service token. Its lists are not among them: it refuses those whatever the token. */
const judged = /"(?:WebSocket \/ws|(?:POST|DELETE) \/api\/)[^"]*" (\S+)/;
const patiently = { timeout: 180_000, interval: 1_000 };

describe.runIf(upstreamImages)("Kure Monitor's own programs", () => {
  const release = new Release('e2e-upstream', testBedTools());
  afterAll(() => release.remove());
  beforeAll(importUpstreamImages);

  const judgements = async (): Promise<string[]> => {
    const lines = await logsOf(release, await podsOf(release, 'backend'));
    return lines.flatMap((line) => judged.exec(line)?.[1] ?? []);
  };
  const presenters = () => areTaken(release, 'agent', 'security-scanner');

  it('are Ready where Pod Security is enforced', async () => {
    await release.install(['--values=chart/values-upstream.yaml']);
    const { items } = await release.get<{ items: V1Pod[] }>('pods');
    const components = new Set(items.map(({ metadata }) => metadata?.labels?.['app.kubernetes.io/component']));
    expect(components).toEqual(new Set(['agent', 'backend', 'frontend', 'operator', 'postgresql', 'security-scanner']));
  });

  it('know one another: the backend refuses nothing that agent and scanner send', async () => {
    // The scanner begins a minute after its start.
    await expect.poll(judgements, patiently).toContain('200');
    await expect.poll(presenters, patiently).toBe(true);
    expect((await judgements()).filter((status) => status === '401' || status === '403')).toEqual([]);
  });

  it('take a token that is edited, by a Cutover that the status tells, with one restart each', async () => {
    const before = await generations(release);
    const phases = new Set<string>();
    const { resourceVersion } = await editSecret(release, ['service-token']);
    const client = new KubeClient(await connect(), 'kure-bootstrap-test');
    await followRotation(client, release, resourceVersion, ({ phase }) => phases.add(phase));
    expect(phases).toContain('Cutover');
    expect(restartsBetween(before, await generations(release))).toEqual({
      'DaemonSet/kure-monitor-agent': 1,
      'Deployment/kure-monitor-backend': 1,
      'Deployment/kure-monitor-frontend': 0,
      'Deployment/kure-monitor-operator': 0,
      'Deployment/kure-monitor-security-scanner': 1,
      'StatefulSet/kure-monitor-postgresql': 0,
    });
    await expect.poll(presenters, patiently).toBe(true);
  });
});
