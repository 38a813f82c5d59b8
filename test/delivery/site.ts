/** A namespace, and the programs with which one release is delivered into it. Every command is counted. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { kubeconfig, kubectlPath } from '../../testbed/cluster.ts';
import { chart, helm4 } from '../chart/render.ts';
import { releaseName } from './modes.ts';

export class Site {
  /** A sentence for each command that failed. */
  readonly failures: string[] = [];
  readonly namespace: string;
  readonly #values: (revision: number) => object;

  constructor(namespace: string, values: (revision: number) => object) {
    this.namespace = namespace;
    this.#values = values;
  }

  /** Values of this revision of the release: what differs from one to the next changes no pod. */
  values(revision: number): string {
    return JSON.stringify(this.#values(revision));
  }

  /** As in a pipeline that cannot see the cluster: `lookup` finds nothing. */
  render(revision: number): Promise<string> {
    const line = ['template', releaseName, chart, '--values=-', '--skip-tests', '--kube-version=1.34.0'];
    return this.run(helm4, line, this.values(revision), '/dev/null');
  }

  kubectl(args: readonly string[], input = ''): Promise<string> {
    return this.run(kubectlPath, args, input);
  }

  /** What it printed; nothing where it failed, which is written down. */
  async run(program: string, args: readonly string[], input = '', cluster = kubeconfig): Promise<string> {
    const child = spawn(program, ['--namespace', this.namespace, ...args], { env: { ...process.env, KUBECONFIG: cluster } });
    child.stdin.on('error', () => {}); // it may end before it read everything: its exit code tells
    child.stdin.end(input);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (code === 0) return output;
    this.failed(`${args[0]} ended with ${code}: ${complaint.trim().split('\n').at(-1)}`);
    return '';
  }

  failed(what: string): void {
    this.failures.push(what);
  }
}
