// kubectl of the cluster's own version, as the cluster's administrator.
import { binary } from './binaries.ts';
import { command } from './command.ts';
import { kubeconfig } from './places.ts';

export const kubectl = (args: string[], input?: string): Promise<string> =>
  command(binary('kubectl'), ['--kubeconfig', kubeconfig, ...args], input === undefined ? {} : { input });

export const kubectlJson = async <T>(args: string[]): Promise<T> =>
  JSON.parse(await kubectl([...args, '--output=json'])) as T;
