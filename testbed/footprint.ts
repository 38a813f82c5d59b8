// What the node's programs leave outside our own folder, because its place is
// fixed: the kubelet's settings of the kernel, and some folders. Remembered
// before the first start, undone by `down`.
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';
import { footprint as file, state } from './places.ts';

type Footprint = { settings: Record<string, string>; created: string[] };

const settings = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];
const owned = ['/var/lib/kubelet', '/var/lib/cni', '/var/log/containers'];
const shared = ['/run/containerd/s', '/run/containerd', '/run/netns']; // others may have moved in meanwhile

const settingFile = (name: string): string => join('/proc/sys', name);

export function rememberFootprint(): void {
  if (existsSync(file)) return;
  const footprint: Footprint = {
    settings: Object.fromEntries(settings.map((name) => [name, readFileSync(settingFile(name), 'utf8').trim()])),
    created: [...owned, ...shared].filter((folder) => !existsSync(folder)),
  };
  writeFileSync(file, JSON.stringify(footprint));
}

export async function removeFootprint(): Promise<void> {
  removeLogLinks();
  if (!existsSync(file)) return;
  const footprint = JSON.parse(readFileSync(file, 'utf8')) as Footprint;
  for (const [name, value] of Object.entries(footprint.settings)) writeFileSync(settingFile(name), value);
  for (const folder of owned) if (footprint.created.includes(folder)) rmSync(folder, { recursive: true, force: true });
  for (const folder of shared) if (footprint.created.includes(folder) && isEmpty(folder)) await removeShared(folder);
}

async function removeShared(folder: string): Promise<void> {
  if (folder === '/run/netns') await command('umount', [folder]).catch(() => {}); // ip mounts it on itself, but not always
  rmdirSync(folder);
}

const isEmpty = (folder: string): boolean => existsSync(folder) && readdirSync(folder).length === 0;

/** The kubelet's links for log collectors; ours point into our state. */
function removeLogLinks(): void {
  const folder = '/var/log/containers';
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const link = join(folder, name);
    if (readlinkSync(link, 'utf8').startsWith(`${state}/`)) rmSync(link);
  }
}
