/**
 * A release of Kure Monitor's own chart becomes one of ours, on the real API server. UPSTREAM_CHART is the folder of that chart, of
 * 2.3.0; without it nothing is tested here. No pod runs: the images are not to be had everywhere.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { V1DaemonSet, V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { chart } from '../chart/render.ts';
import { chartRelease, decoded, ways } from './chart-release.ts';

const upstream = process.env['UPSTREAM_CHART'];
if (!upstream) console.warn('SKIPPED: taking over a release of Kure Monitor. Name the folder of its chart 2.3.0: UPSTREAM_CHART=<folder>.');

type Running = V1Deployment | V1DaemonSet | V1StatefulSet;

/** Upstream's ClusterRoles have no namespace in their names. */
const name = `kure-${randomBytes(4).toString('hex')}`;
const password = 'its-own-password';
const nothingRuns = 'registry.invalid';
const ours = [
  `--values=${join(chart, 'values-upstream.yaml')}`,
  `--values=${join(chart, 'values-take-over.yaml')}`,
  `--set=fullnameOverride=${name}`,
  `--set=global.imageRegistry=${nothingRuns}`,
];

describe.runIf(upstream).each(ways)("a release of Kure Monitor's own chart, by $way,", (way) => {
  const release = chartRelease(way);
  const secrets = ['bootstrap', 'encryption', 'postgresql'];

  const values = async (): Promise<string[]> => {
    const all = await Promise.all(secrets.map((secret) => release.secret(`${name}-${secret}`)));
    return all.map(({ data }) => createHash('sha256').update(JSON.stringify(data)).digest('hex'));
  };
  const workloads = async () => (await release.list('deployments,daemonsets,statefulsets')) as Running[];
  const identities = async () =>
    (await workloads()).filter(({ metadata }) => metadata?.name !== `${name}-operator`).map(({ metadata }) => `${metadata?.name} ${metadata?.uid}`);
  const takeOver = () => release.helm('upgrade', name, chart, '--reset-values', ...ours);

  const before: { values: string[]; identities: string[]; claim: string | undefined } = { values: [], identities: [], claim: undefined };
  const claim = async () => (await release.list('persistentvolumeclaims')).find(({ metadata }) => metadata?.name?.startsWith('data-'))?.metadata?.uid;

  beforeAll(async () => {
    const flags = [`--set=postgresql.password=${password}`, `--set=global.imageRegistry=${nothingRuns}/`];
    await release.helm('install', name, upstream ?? '', ...way.install, ...flags);
    await vi.waitUntil(claim, { timeout: 60_000 });
    Object.assign(before, { values: await values(), identities: await identities(), claim: await claim() });
  });
  afterAll(async () => {
    await release.helm('uninstall', name, '--ignore-not-found');
    // Left over where an upgrade failed halfway.
    await release.kubectl('delete', 'clusterroles,clusterrolebindings', `--selector=app.kubernetes.io/instance=${name}`);
  });

  it('is upgraded without force: no selector and no claim template differs', async () => {
    await takeOver();
    expect(await identities()).toEqual(before.identities);
    expect(before.identities).toHaveLength(5);
    expect(await claim()).toBe(before.claim);
  });

  it('keeps its tokens, its encryption key of 60 characters and its password, however often', async () => {
    expect((await values()).join() === before.values.join()).toBe(true);
    expect(decoded((await release.secret(`${name}-encryption`)).data?.['encryption-key'])).toHaveLength(60);
    await takeOver();
    expect((await values()).join() === before.values.join()).toBe(true);
  });

  it('has nothing left of what ran before: no init container, no password in a pod', async () => {
    for (const { spec } of await workloads()) {
      expect(spec?.template.spec?.initContainers).toBeUndefined();
      expect(JSON.stringify(spec)).not.toContain(password);
    }
  });

  it('keeps what cannot be made again when it is uninstalled, from then on', async () => {
    await release.helm('uninstall', name);
    expect((await values()).join() === before.values.join()).toBe(true);
    expect(await claim()).toBe(before.claim);
  });
});
