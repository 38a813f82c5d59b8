/** The operator as it is shipped, a real process of its own, behind a gate of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bound } from '../../fixtures/bound.ts';
import { programUnderTest } from './program.ts';

/** By name, as the chart sets them. */
export type Settings = Readonly<Record<string, string>>;

export interface OperatorOptions {
  /** Of the API server, or of what stands before it. */
  readonly server: string;
  readonly settings: Settings;
  /** File with the offset of a clock that is not the machine's, as libfaketime reads it; looked at again and again. */
  readonly clock?: string;
}

/** How much of what it said is kept for a person, in lines. */
const keptLines = 60;

export class OperatorProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'operator-'));
  #said: string[] = [];

  constructor({ server, settings, clock }: OperatorOptions) {
    const kubeconfig = join(this.#folder, 'kubeconfig');
    writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(server)));
    const env = {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: join(tmpdir(), 'kure-bootstrap-compiled'),
      KUBECONFIG: kubeconfig,
      PORT: '0',
      ...settings,
      ...(clock !== undefined && fakeTime(clock)),
    };
    const line = bound(process.execPath, programUnderTest(), 'operator');
    this.#child = spawn(line.program, line.args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    }
  }

  /** The end of its log. */
  get said(): string {
    return this.#said.join('\n');
  }

  get hasEndedByItself(): boolean {
    return this.#child.exitCode !== null;
  }

  /** At once and without a word, as a node that loses its power. Resolves when it has gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** As the kubelet ends it. Resolves when it has gone. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #hear(text: string): void {
    this.#said = [...this.#said, ...text.trimEnd().split('\n')].slice(-keptLines);
  }
}

/** Where Debian's package libfaketime puts it. */
const faketimeLibrary = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

/** The time of day only: a jump of it moves no monotonic clock. */
const fakeTime = (file: string): Settings => ({
  LD_PRELOAD: faketimeLibrary,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

const kubeconfigOf = (server: string): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'gate', cluster: { server, 'insecure-skip-tls-verify': true } }], // plain HTTP is taken only so
  users: [{ name: 'gate', user: {} }],
  contexts: [{ name: 'gate', context: { cluster: 'gate', user: 'gate' } }],
  'current-context': 'gate',
});
