// All pods live below one cgroup, in every hierarchy the machine has mounted;
// so their processes can be found, and ended, whatever state containerd is in.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroup } from './places.ts';

/** One folder on a machine with cgroup v2, one per controller with v1. */
function folders(): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  return mounts
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, path]) => join(path ?? '', cgroup));
}

/** What one processor weighs, by controller file: of cgroup v1 and of v2. */
const weightOfOne = { 'cpu.shares': 1024, 'cpu.weight': 100 };

/** As heavy as a kubelet makes all pods of a node: else they share what one process beside them gets. */
export function createCgroups(): void {
  for (const folder of folders()) {
    mkdirSync(folder, { recursive: true });
    for (const [name, weight] of Object.entries(weightOfOne)) {
      const file = join(folder, name);
      if (existsSync(file)) writeFileSync(file, String(weight * availableParallelism()));
    }
  }
}

export async function removeCgroups(): Promise<void> {
  for (const folder of folders()) {
    for (const path of deepestFirst(folder)) {
      for (let tries = 0; !removed(path) && tries < 50; tries++) {
        killProcessesOf(path);
        await sleep(20);
      }
    }
  }
}

export function killPods(): void {
  for (const folder of folders()) for (const path of deepestFirst(folder)) killProcessesOf(path);
}

function killProcessesOf(path: string): void {
  const pids = readFileSync(join(path, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ended by itself meanwhile
    }
  }
}

function removed(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return !existsSync(path);
  }
}

function deepestFirst(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory());
  return [...children.flatMap(({ name }) => deepestFirst(join(folder, name))), folder];
}
