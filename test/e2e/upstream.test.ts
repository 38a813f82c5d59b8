/**
 * Kure Monitor's own programs, run by the chart on real pods. UPSTREAM_IMAGES is a folder with archives of its images of 2.3.0 and
 * of the database's image (`docker save`, or OCI); without it nothing is tested here.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../../testbed/command.ts';
import { testBedTools } from '../../testbed/demo/cluster-tools.ts';
import { Release } from '../../testbed/demo/release.ts';
import { containerdSocket } from '../../testbed/places.ts';

const archives = process.env['UPSTREAM_IMAGES'];
if (!archives) console.warn('SKIPPED: the programs of Kure Monitor. Name a folder with archives of its images: UPSTREAM_IMAGES=<folder>.');

describe.runIf(archives)("Kure Monitor's own programs", () => {
  const release = new Release('e2e-upstream', testBedTools());
  afterAll(() => release.remove());

  beforeAll(async () => {
    const folder = archives ?? '';
    for (const file of readdirSync(folder)) {
      await command('ctr', ['--address', containerdSocket, '--namespace', 'k8s.io', 'images', 'import', join(folder, file)]);
    }
  });

  it('are Ready where Pod Security is enforced', async () => {
    await release.install(['--values=chart/values-upstream.yaml']);
    const { items } = await release.get<{ items: V1Pod[] }>('pods');
    const components = new Set(items.map(({ metadata }) => metadata?.labels?.['app.kubernetes.io/component']));
    expect(components).toEqual(new Set(['agent', 'backend', 'frontend', 'operator', 'postgresql', 'security-scanner']));
  });

  it('take a new token', async () => {
    const committed = async (): Promise<string> => (await release.get<{ data: { 'status.json': string } }>('configmap', 'kure-monitor-rotation')).data['status.json'];
    const before = await committed();
    const patch = JSON.stringify({ stringData: { 'service-token': 'UpstreamTakesANewTokenThatIsLongEnough01' } });
    await release.kubectl(['patch', 'secret', 'kure-monitor-bootstrap', '--type=merge', '--patch', patch]);
    await expect.poll(committed, { timeout: 60_000 }).not.toBe(before);
    await release.kubectl(['wait', 'configmap/kure-monitor-rotation', '--for=jsonpath={.data.phase}=Stable', '--timeout=10m']);
  });
});
