/** The programs that are compared, each as in a pod: its service account where a pod has it, nothing else of a machine. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { KubeClient } from '../../shared/kube/client.ts';
import { nodeFlags } from '../../testbed/oci/programs.ts';
import { apiServerAddress, type Cluster, type User } from '../cluster.ts';
import { areRolledOut, isRetired } from './release.ts';
import { peakBytes, residentBytes, start, untilReady, type Line } from '../processes.ts';

export interface Contender {
  readonly user: User;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once it watches. */
  readonly ready: string;
  /** Whether all that follows the last edit is over. */
  readonly isDone: (client: KubeClient, namespace: string) => Promise<boolean>;
}

const port = 18_080;

/** A copy of the bundle, which nobody replaces meanwhile; started as its image does. */
export function ours(cluster: Cluster): Contender {
  const bundle = join(cluster.folder, 'operator');
  cpSync('dist/operator', bundle, { recursive: true });
  return {
    user: 'ours',
    program: process.execPath,
    args: [...nodeFlags('operator'), join(bundle, 'main.mjs'), 'operator'],
    env: { SCOPE: 'cluster', PORT: String(port), DEBOUNCE_SECONDS: '0', DEBOUNCE_MAX_SECONDS: '0', POD_NAMESPACE: 'default', POD_NAME: 'ours' },
    ready: `http://127.0.0.1:${port}/readyz`,
    isDone: isRetired,
  };
}

/** As its chart starts it by default. */
export const reloader = (program: string): Contender => ({
  user: 'reloader',
  program,
  args: [],
  env: {},
  ready: 'http://127.0.0.1:9090/metrics',
  isDone: areRolledOut,
});

export interface Running {
  readonly child: ChildProcess;
  /** Bytes resident, of its own and shared with other processes. */
  readonly memory: () => number;
  /** The most that it ever was. */
  readonly peakMemory: () => number;
}

/** In a mount namespace of its own, so that each finds its own credentials in the usual place. */
export async function launch({ user, program, args, env, ready }: Contender, cluster: Cluster): Promise<Running> {
  const place = '/run/secrets/kubernetes.io/serviceaccount';
  const line: Line = {
    program: 'unshare',
    args: [
      '--mount',
      'sh',
      '-c',
      `mkdir -p ${place} && mount --bind "$0" ${place} && exec "$@"`,
      cluster.serviceAccount(user),
      program,
      ...args,
    ],
    env: { ...env, KUBERNETES_SERVICE_HOST: apiServerAddress.host, KUBERNETES_SERVICE_PORT: apiServerAddress.port },
    log: join(cluster.folder, `${user}.log`),
  };
  const child = start(line);
  await untilReady(child, line, async () => (await fetch(ready)).ok);
  return { child, memory: () => residentBytes(child.pid), peakMemory: () => peakBytes(child.pid) };
}
