/** The operator of a release as a process of the host's, with the rights of its own ServiceAccount, behind a gate. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { connect } from '../../shared/kube/connect.ts';
import type { Release } from '../../testbed/demo/release.ts';
import { inside } from '../../testbed/network.ts';
import { WriteGate } from '../../testbed/write-gate.ts';
import { bound } from '../fixtures/bound.ts';
import { startOutlet } from './outlet.ts';

interface Deployment {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly { readonly env: readonly EnvironmentVariable[] }[] } } };
}

interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
}

/** Inside the network of the pods, where nobody else listens on the loopback. */
const outletPort = 18_080;

export class GatedOperator {
  readonly gate: WriteGate;
  readonly #release: Release;
  readonly #folder: string;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #outlet: ChildProcess;
  #process: ChildProcess | undefined;

  private constructor(gate: WriteGate, release: Release, folder: string, settings: Record<string, string>, outlet: ChildProcess) {
    this.gate = gate;
    this.#release = release;
    this.#folder = folder;
    this.#settings = settings;
    this.#outlet = outlet;
  }

  /** Takes the place of the pod that the chart runs. Not started yet. */
  static async replace(release: Release): Promise<GatedOperator> {
    const name = `${release.name}-operator`;
    const { spec } = await release.get<Deployment>('deployment', name);
    await release.kubectl(['scale', `deployment/${name}`, '--replicas=0']);
    await release.kubectl(['wait', 'pod', '--for=delete', '--selector=app.kubernetes.io/component=operator', '--timeout=1m']);
    const folder = mkdtempSync(join(tmpdir(), 'gated-operator-'));
    const socket = join(folder, 'gate');
    const gate = await WriteGate.start(await connect({ kubeconfig: await kubeconfigOf(release, name, folder) }), socket);
    const outlet = await startOutlet({ port: outletPort, socket });
    const plain = Object.fromEntries((spec.template.spec.containers[0]?.env ?? []).flatMap(({ name: key, value }) => (value === undefined ? [] : [[key, value]])));
    const where = { POD_NAMESPACE: release.namespace, POD_NAME: name, PORT: '0' };
    return new GatedOperator(gate, release, folder, { ...plain, ...where }, outlet);
  }

  start(): void {
    const kubeconfig = join(this.#folder, 'gate.json');
    writeFileSync(kubeconfig, JSON.stringify(kubeconfigFor({ server: `http://127.0.0.1:${outletPort}`, 'insecure-skip-tls-verify': true }, {})));
    const line = inside(process.execPath, 'dist/operator/main.mjs', 'operator');
    const { program, args } = bound(line.program, ...line.args);
    const env = { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, ...this.#settings };
    this.#process = spawn(program, args, { env, stdio: 'ignore' });
  }

  /** Killed, and started again as soon as its Lease has run out; nobody waits for that here, it is taken away. */
  async restart(): Promise<void> {
    await this.#kill();
    await this.#release.kubectl(['delete', 'lease', `${this.#release.name}-operator`, '--ignore-not-found']);
    this.gate.open();
    this.start();
  }

  /** Resolves when it has written nothing for a while. */
  async rest(): Promise<void> {
    let before = -1;
    await vi.waitUntil(() => {
      const isQuiet = before === this.gate.writes.length;
      before = this.gate.writes.length;
      return isQuiet;
    }, { timeout: 60_000, interval: 1_500 });
  }

  async end(): Promise<void> {
    await this.#kill();
    await this.gate.stop();
    this.#outlet.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #kill(): Promise<void> {
    const process = this.#process;
    if (!process || process.exitCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'exit');
  }
}

async function kubeconfigOf(release: Release, serviceAccount: string, folder: string): Promise<string> {
  const token = (await release.kubectl(['create', 'token', serviceAccount])).trim();
  const { clusters } = JSON.parse(await release.kubectl(['config', 'view', '--raw', '--minify', '--output=json'])) as {
    clusters: readonly { readonly cluster: object }[];
  };
  const path = join(folder, 'service-account.json');
  writeFileSync(path, JSON.stringify(kubeconfigFor(clusters[0]?.cluster ?? {}, { token })), { mode: 0o600 });
  return path;
}

const kubeconfigFor = (cluster: object, user: object): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'it', cluster }],
  users: [{ name: 'it', user }],
  contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
  'current-context': 'it',
});
