/** One release of the chart in a namespace of its own, handled with the real kubectl and Helm. */
import { command } from '../command.ts';

/** How to reach a cluster: the test bed's, or any other by the name of its context. */
export interface Tools {
  readonly kubectl: string;
  readonly helm: string;
  readonly env: Readonly<Record<string, string>>;
  readonly context: string | undefined;
}

/** Namespaces that carry it were made here, so they may be deleted here. */
const madeHere = 'bootstrap.kure.io/demo=true';

export class Release {
  readonly name = 'kure-monitor';
  readonly namespace: string;
  readonly #tools: Tools;

  constructor(namespace: string, tools: Tools) {
    this.namespace = namespace;
    this.#tools = tools;
  }

  kubectl(args: readonly string[], options: { input?: string; env?: Record<string, string> } = {}): Promise<string> {
    const { kubectl, env, context } = this.#tools;
    const where = ['--namespace', this.namespace, ...(context === undefined ? [] : ['--context', context])];
    return command(kubectl, [...where, ...args], { ...options, env: { ...env, ...options.env } });
  }

  async get<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.kubectl(['get', ...args, '--output=json'])) as T;
  }

  helm(args: readonly string[]): Promise<string> {
    const { helm, env, context } = this.#tools;
    const where = ['--namespace', this.namespace, ...(context === undefined ? [] : ['--kube-context', context])];
    return command(helm, [...where, ...args], { env });
  }

  /** Installs the chart into an empty namespace and waits until everything is ready. */
  async install(values: readonly string[] = []): Promise<void> {
    await this.remove();
    await this.kubectl(['create', 'namespace', this.namespace]);
    await this.kubectl(['label', 'namespace', this.namespace, madeHere, 'pod-security.kubernetes.io/enforce=restricted']);
    await this.upgrade(['--install', ...values]);
  }

  async upgrade(values: readonly string[] = []): Promise<void> {
    await this.helm(['upgrade', this.name, 'chart', '--wait', '--timeout=3m', ...values]);
  }

  /** Deletes the namespace with everything in it, if an earlier run made it. */
  async remove(): Promise<void> {
    await this.kubectl(['delete', 'namespace', '--ignore-not-found', '--wait', '--selector', madeHere,
      '--field-selector', `metadata.name=${this.namespace}`]);
  }
}
