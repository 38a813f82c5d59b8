/** Runs once before all tests that need an API server: the one of KUBECONFIG, or else the test bed's, which is brought up. */
import { kubeconfig, up } from '../../testbed/cluster.ts';
import { progressOn } from '../../testbed/progress.ts';

export async function setup(): Promise<void> {
  if (process.env['KUBECONFIG']) return;
  const progress = progressOn(process.stderr);
  await progress.step('cluster', () => up(progress));
  process.env['KUBECONFIG'] = kubeconfig;
}
