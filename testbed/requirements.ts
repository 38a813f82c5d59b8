// What the machine must offer. Each lack is one sentence that says what to do.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export class RequirementError extends Error {
  override name = 'RequirementError';
}

const commands = [
  'containerd',
  'ctr',
  'containerd-shim-runc-v2',
  'runc',
  'iptables',
  'conntrack',
  'nsenter',
  'ip',
  'openssl',
];
const pluginFolders = ['/usr/lib/cni', '/opt/cni/bin'];
const controllers = ['cpu', 'memory', 'pids'];

export function checkRequirements(): void {
  const lacks = [platform(), root(), ...programs(), networkPlugins(), ...kernel()].filter((lack) => lack !== undefined);
  if (lacks.length > 0) throw new RequirementError(lacks.join('\n'));
}

/** Where the distribution puts the network plugins. */
export function pluginFolder(): string | undefined {
  return pluginFolders.find((folder) => existsSync(join(folder, 'ptp')) && existsSync(join(folder, 'host-local')));
}

export function findCommand(name: string): string | undefined {
  // su without - leaves sbin out; sudo leaves out where go.dev says to put Go.
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/go/bin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const platform = (): string | undefined =>
  process.platform === 'linux'
    ? undefined
    : 'The test bed needs Linux: run it in a virtual machine, or use a cluster you have.';

const root = (): string | undefined =>
  process.getuid?.() === 0
    ? undefined
    : 'The test bed runs a kubelet, which needs root: run the same command with sudo.';

const programs = (): string[] =>
  commands.filter((name) => !findCommand(name)).map((name) => `${name} is not installed: run scripts/setup.`);

const networkPlugins = (): string | undefined =>
  pluginFolder()
    ? undefined
    : `The network plugins ptp and host-local are in none of ${pluginFolders.join(', ')}: run scripts/setup.`;

function kernel(): string[] {
  const lacks = controllers
    .filter((name) => !hasController(name))
    .map((name) => `The kernel's cgroup controller ${name} is off: boot with cgroup_enable=${name}.`);
  if (!/^nodev\s+overlay$/m.test(readFileSync('/proc/filesystems', 'utf8')))
    lacks.push('The kernel has no overlay file system: load it with modprobe overlay.');
  return lacks;
}

function hasController(name: string): boolean {
  const unified = '/sys/fs/cgroup/cgroup.controllers';
  if (existsSync(unified)) return readFileSync(unified, 'utf8').split(/\s/).includes(name);
  return existsSync(join('/sys/fs/cgroup', name));
}
