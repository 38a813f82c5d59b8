// Takes away everything `up` made, and only that: processes by their recorded
// identity, pods by their cgroup, shims by our socket in their command line.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killPods, removeCgroups } from './cgroups.ts';
import { command } from './command.ts';
import { componentNames, type ComponentName } from './components.ts';
import { removeFootprint } from './footprint.ts';
import { stopKwok } from './kwok.ts';
import { removeNetwork } from './network.ts';
import { containerd, containerdSocket, state } from './places.ts';
import { forget, identify, recorded, signal, stop, type Identity } from './process.ts';

/** The kubelet first, or it starts again what is taken away; containerd after its clients. */
export async function stopComponents(): Promise<void> {
  const rest = componentNames.filter((name) => name !== 'kubelet' && name !== 'containerd');
  await stopComponent('kubelet');
  await Promise.all([...rest.map(stopComponent), stopKwok()]);
  await stopComponent('containerd');
}

async function stopComponent(name: ComponentName): Promise<void> {
  await stop(recorded(name), 2_000);
  forget(name);
}

export async function removeEverything(): Promise<void> {
  await stopComponents();
  const sockets = shimSockets();
  killPods();
  for (const shim of shims()) signal(shim, 'SIGKILL');
  await unmount();
  await removeNetwork();
  await removeCgroups();
  for (const socket of sockets) rmSync(socket, { force: true });
  await removeFootprint();
  rmSync(state, { recursive: true, force: true });
}

function shims(): Identity[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids
    .filter(isOurShim)
    .map(identify)
    .filter((identity) => identity !== undefined);
}

function isOurShim(pid: number): boolean {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return words[0]?.endsWith('containerd-shim-runc-v2') === true && words.includes(containerdSocket);
  } catch {
    return false; // ended meanwhile
  }
}

/** Shims listen in /run/containerd, wherever containerd's own state is. */
function shimSockets(): string[] {
  const bundles = join(containerd, 'state', 'io.containerd.runtime.v2.task', 'k8s.io');
  if (!existsSync(bundles)) return [];
  const files = readdirSync(bundles)
    .map((id) => join(bundles, id, 'address'))
    .filter((file) => existsSync(file));
  return files.map((file) =>
    readFileSync(file, 'utf8')
      .trim()
      .replace(/^unix:\/\//, ''),
  );
}

async function unmount(): Promise<void> {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  const ours = mounts.filter((path) => path.startsWith(`${state}/`)).toReversed(); // the last mounted first
  if (ours.length > 0) await command('umount', ['--lazy', ...ours]);
}
