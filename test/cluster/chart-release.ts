/** A release of the chart in a namespace of its own on the real API server, in which nothing runs: what Helm writes is judged. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KubernetesObject, V1Secret } from '@kubernetes/client-node';
import { afterAll, beforeAll } from 'vitest';
import { kubectlPath } from '../../testbed/cluster.ts';
import { chart, helm3, helm4 } from '../chart/render.ts';

const nothingRuns = ['--set=global.imageRegistry=registry.invalid'];
const execute = promisify(execFile);

export interface Way {
  readonly way: string;
  readonly helm: string;
  /** Flags of an installation. */
  readonly install: readonly string[];
  readonly serverSide: boolean;
}

export const ways: readonly Way[] = [
  { way: 'Helm 4', helm: helm4, install: [], serverSide: true },
  { way: 'Helm 4 with client-side apply', helm: helm4, install: ['--server-side=false'], serverSide: false },
  { way: 'Helm 3', helm: helm3, install: [], serverSide: false },
];

export class ChartRelease {
  readonly name = 'blue';
  readonly namespace = `chart-install-${randomBytes(4).toString('hex')}`;
  readonly #way: Way;

  constructor(way: Way) {
    this.#way = way;
  }

  helm(...args: string[]): Promise<{ stdout: string; stderr: string }> {
    return this.#run(this.#way.helm, args);
  }

  async kubectl(...args: string[]): Promise<string> {
    return (await this.#run(kubectlPath, args)).stdout;
  }

  async apply(manifests: string, ...flags: string[]): Promise<string> {
    const applying = execute(kubectlPath, ['--namespace', this.namespace, 'apply', '--filename=-', ...flags]);
    applying.child.stdin?.end(manifests);
    return (await applying).stdout;
  }

  install(...flags: string[]): Promise<{ stdout: string; stderr: string }> {
    return this.helm('install', this.name, chart, ...nothingRuns, ...this.#way.install, ...flags);
  }

  upgrade(...flags: string[]): Promise<{ stdout: string; stderr: string }> {
    return this.helm('upgrade', this.name, chart, ...nothingRuns, ...flags);
  }

  async secret(name: string): Promise<V1Secret> {
    return JSON.parse(await this.kubectl('get', 'secret', name, '--output=json')) as V1Secret;
  }

  patchSecret(name: string, patch: object): Promise<string> {
    return this.kubectl('patch', 'secret', name, '--type=merge', '--patch', JSON.stringify(patch));
  }

  async list(kinds: string): Promise<KubernetesObject[]> {
    const { items } = JSON.parse(await this.kubectl('get', kinds, '--output=json')) as { items: KubernetesObject[] };
    return items;
  }

  #run(file: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
    return execute(file, ['--namespace', this.namespace, ...args], { maxBuffer: 16 << 20 });
  }
}

/** Makes the namespace, strict about Pod Security, before the first test and removes it after the last one. */
export function chartRelease(way: Way): ChartRelease {
  const release = new ChartRelease(way);
  beforeAll(async () => {
    await release.kubectl('create', 'namespace', release.namespace);
    const levels = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
    await release.kubectl('label', 'namespace', release.namespace, ...levels);
  });
  afterAll(async () => {
    await release.helm('uninstall', release.name, '--ignore-not-found');
    await release.kubectl('delete', 'namespace', release.namespace, '--wait=false');
  });
  return release;
}

export const decoded = (value: string | undefined): string => Buffer.from(value ?? '', 'base64').toString('utf8');
export const encoded = (value: string): string => Buffer.from(value).toString('base64');
