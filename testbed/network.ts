// One network namespace holds the node, its pods and the control plane. It has
// no way out, so nothing done in here can reach another machine or the host.
import { existsSync } from 'node:fs';
import { command } from './command.ts';
import { findCommand } from './requirements.ts';
import { namespace, namespaceFile, nodeAddress, serviceRange } from './places.ts';

/** `ip netns exec` would remount /sys and hide the cgroups from the kubelet. */
export const inside = (...args: string[]): { program: string; args: string[] } => ({
  program: findCommand('nsenter') ?? 'nsenter',
  args: [`--net=${namespaceFile}`, '--', ...args],
});

const setup = `
link set lo up
link add node0 type bridge
addr add ${nodeAddress}/24 dev node0
link set node0 up
route add ${serviceRange} dev node0
`;

/** Says whether it had to make one. */
export async function createNetwork(): Promise<boolean> {
  if (existsSync(namespaceFile)) {
    if (await isComplete()) return false;
    await removeNetwork();
  }
  await command('ip', ['netns', 'add', namespace]);
  const { program, args } = inside('ip', '-batch', '-');
  await command(program, args, { input: setup.trimStart() });
  // A pod that calls itself through its Service is answered out of the interface it came in by.
  const quiet = inside(
    'sh',
    '-c',
    'for name in all default; do echo 0 > /proc/sys/net/ipv4/conf/$name/send_redirects; done',
  );
  await command(quiet.program, quiet.args);
  return true;
}

export async function removeNetwork(): Promise<void> {
  if (existsSync(namespaceFile)) await command('ip', ['netns', 'delete', namespace]);
}

async function isComplete(): Promise<boolean> {
  const { program, args } = inside('ip', 'route', 'show', serviceRange);
  return (await command(program, args).catch(() => '')).includes('node0');
}
