// The test bed as its users see it: tests, benchmarks, the demo, the command line.
import { existsSync } from 'node:fs';
import { binary, buildBinaries } from './binaries.ts';
import { componentNames, isComponentHealthy, lifeOfComponent, type ComponentName } from './components.ts';
import { removeEverything } from './down.ts';
import { withLock } from './lock.ts';
import { logOf, namespaceFile, state } from './places.ts';
import { recorded, type Life } from './process.ts';
import { silent, type Progress } from './progress.ts';
import { checkRequirements } from './requirements.ts';
import { bringUp, isUp } from './up.ts';

export { kubeconfig, kubeconfigInside } from './places.ts';

export const kubectlPath = binary('kubectl');
export const helmPath = binary('helm');
export const helm3Path = binary('helm3');

const lock = '/run/kure-bootstrap-testbed.lock';

/** Returns at once when the cluster is up and well. */
export async function up(progress: Progress = silent): Promise<void> {
  checkRequirements();
  await withLock(lock, async () => {
    if (await isUp()) return;
    await buildBinaries(progress);
    await bringUp(progress);
  });
}

export async function down(): Promise<void> {
  checkRequirements();
  await withLock(lock, removeEverything);
}

export type ComponentStatus = {
  name: ComponentName;
  pid: number | undefined;
  life: Life;
  healthy: boolean;
  log: string;
};

export const status = (): Promise<ComponentStatus[]> => Promise.all(componentNames.map(statusOf));

async function statusOf(name: ComponentName): Promise<ComponentStatus> {
  const life = lifeOfComponent(name);
  return {
    name,
    life,
    pid: life === 'gone' ? undefined : recorded(name)?.pid,
    healthy: await isComponentHealthy(name),
    log: logOf(name),
  };
}

export const exists = (): boolean => existsSync(state) || existsSync(namespaceFile);
