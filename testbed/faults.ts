// Breaks exactly one thing. `startComponent` or `up` mends it.
import { startComponent, type ComponentName } from './components.ts';
import { processOf } from './containers.ts';
import { kubectlJson } from './kubectl.ts';
import { recorded, signal } from './process.ts';

export type ContainerName = { namespace: string; podName: string; container: string; signal?: NodeJS.Signals };

type ContainerStatus = { name: string; containerID?: string };
type Pod = { status: { containerStatuses?: ContainerStatus[]; initContainerStatuses?: ContainerStatus[] } };

/** Signals the process the container was started with; returns its pid on the host. */
export async function killContainerProcess({
  namespace,
  podName,
  container,
  signal = 'SIGKILL',
}: ContainerName): Promise<number> {
  const { status } = await kubectlJson<Pod>(['get', 'pod', podName, `--namespace=${namespace}`]);
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const id = statuses.find(({ name }) => name === container)?.containerID?.replace('containerd://', '');
  if (!id) throw new Error(`pod ${namespace}/${podName} has no container ${container} that was started`);
  const pid = processOf(id);
  process.kill(pid, signal);
  return pid;
}

/** Frozen: its connections stay open and nothing answers. */
export const pauseComponent = (name: ComponentName): void => send(name, 'SIGSTOP');
export const resumeComponent = (name: ComponentName): void => send(name, 'SIGCONT');
export const killComponent = (name: ComponentName): void => send(name, 'SIGKILL');
export { startComponent };

function send(name: ComponentName, what: NodeJS.Signals): void {
  if (!signal(recorded(name), what)) throw new Error(`${name} does not run: bring the cluster up first`);
}
