/** The test bed's cluster, brought up with the images of this tree in it; or somebody's own cluster by its context. */
import { helmPath, kubeconfig, kubectlPath, up } from '../cluster.ts';
import { command } from '../command.ts';
import { progressOn } from '../progress.ts';
import type { Tools } from './release.ts';

export async function clusterTools(context?: string): Promise<Tools> {
  if (context !== undefined) return { kubectl: 'kubectl', helm: 'helm', env: {}, context };
  const progress = progressOn(process.stderr);
  await progress.step('cluster', () => up(progress));
  await progress.step('images', async () => {
    await command('npm', ['run', '--silent', 'build']);
    await command('scripts/images', []);
  });
  // Also for this process: the demo's own client reads the same kubeconfig.
  process.env['KUBECONFIG'] = kubeconfig;
  return { kubectl: kubectlPath, helm: helmPath, env: { KUBECONFIG: kubeconfig }, context: undefined };
}
