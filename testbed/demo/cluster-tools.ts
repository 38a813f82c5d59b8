/** Which cluster to work on: the test bed's, with the images of this tree in it, or somebody's own by its context. */
import { helmPath, kubeconfig, kubectlPath, up } from '../cluster.ts';
import { command } from '../command.ts';
import { progressOn } from '../progress.ts';
import type { Tools } from './release.ts';

/** Brings the test bed up and builds and imports the images. */
export async function prepareTestBed(): Promise<void> {
  const progress = progressOn(process.stderr);
  await progress.step('cluster', () => up(progress));
  await progress.step('bundles', () => command('npm', ['run', '--silent', 'build']));
  await progress.step('images', () => command('scripts/images', []));
}

export function testBedTools(): Tools {
  // Also for this process: its own client reads the same kubeconfig.
  process.env['KUBECONFIG'] = kubeconfig;
  return { kubectl: kubectlPath, helm: helmPath, env: { KUBECONFIG: kubeconfig }, context: undefined };
}

export const toolsOf = (context: string): Tools => ({ kubectl: 'kubectl', helm: 'helm', env: {}, context });
