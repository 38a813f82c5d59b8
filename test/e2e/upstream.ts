/** Kure Monitor's own images and chart, which are no part of this project: both are named by the environment. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { command } from '../../testbed/command.ts';
import type { Release } from '../../testbed/demo/release.ts';
import { containerdSocket } from '../../testbed/places.ts';

/** A folder with archives (`docker save`, or OCI) of the images of 2.3.0, the database's and curl's. */
export const upstreamImages = process.env['UPSTREAM_IMAGES'];
/** The folder of its chart 2.3.0. */
export const upstreamChart = process.env['UPSTREAM_CHART'];

export async function importUpstreamImages(): Promise<void> {
  const folder = upstreamImages ?? '';
  for (const file of readdirSync(folder)) {
    await command('ctr', ['--address', containerdSocket, '--namespace', 'k8s.io', 'images', 'import', join(folder, file)]);
  }
}

/** Those of the chart's components; one that is on its way out, too. */
export async function podsOf(release: Release, ...components: string[]): Promise<string[]> {
  const { items } = await release.get<{ items: V1Pod[] }>('pods', `--selector=app.kubernetes.io/component in (${components.join(',')})`);
  return items.map(({ metadata }) => metadata?.name ?? '');
}

/** Their logs until now, or with `--follow` until they end. It has tokens in it: no assertion may print it. */
export async function logsOf(release: Release, pods: readonly string[], ...flags: string[]): Promise<string[]> {
  const logs = await Promise.all(pods.map((pod) => release.kubectl(['logs', pod, ...flags])));
  return logs.flatMap((log) => log.split('\n'));
}

/** As agent and scanner log that the backend took their token. The scanner opens its WebSocket only after a first scan, of minutes. */
const taken = /WebSocket connected successfully|Successfully reported security finding/;

/** Whether a pod of each of these components got an answer that its token is good. */
export async function areTaken(release: Release, ...components: string[]): Promise<boolean> {
  const logs = await Promise.all(components.map(async (component) => logsOf(release, await podsOf(release, component))));
  return logs.every((lines) => lines.some((line) => taken.test(line)));
}
