/** Runs once before all tests of scale: the cluster, fake nodes, and a bundle of the operator that nobody else replaces. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { kubeconfig, up } from '../../testbed/cluster.ts';
import { command } from '../../testbed/command.ts';
import { startKwok } from '../../testbed/kwok.ts';
import { progressOn } from '../../testbed/progress.ts';
import { OperatorProcess } from './harness/operator-process.ts';
import { ownFolder, sweep } from './harness/owner.ts';
import { programVariable } from './harness/program.ts';
import { until } from './harness/until.ts';

export async function setup(): Promise<() => Promise<void>> {
  process.env['KUBECONFIG'] = kubeconfig;
  const progress = progressOn(process.stderr);
  await progress.step('cluster', () => up(progress));
  await progress.step('what killed runs have left', sweep);
  const folder = ownFolder();
  process.env['TMPDIR'] = folder; // of all workers, and of what they start
  if (process.env[programVariable] === undefined) {
    await progress.step('bundles', () => command('npm', ['run', '--silent', 'build']));
    const bundle = join(folder, 'bundle');
    cpSync('dist/operator', bundle, { recursive: true });
    process.env[programVariable] = join(bundle, 'main.mjs');
  }
  await progress.step('compile cache', warmUp);
  const stopKwok = await progress.step('fake nodes', () => startKwok(2, progress));
  return async () => {
    await stopKwok();
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Fills the compile cache that all operators share: one that is killed leaves nothing in it, and starts cost most of the time. */
async function warmUp(): Promise<void> {
  const operator = new OperatorProcess({ server: 'http://127.0.0.1:1', settings: {} });
  await until('the operator to start', () => Promise.resolve(operator.said.includes('operator started') || 'it does not'));
  await operator.stop();
}
