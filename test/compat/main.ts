/** npm run compat: the real agent and scanner of Kure Monitor 2.3, unchanged, against our backend and a real cluster. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { nanoid } from 'nanoid';
import { kubeconfig } from '../../testbed/cluster.ts';
import { prepareTestBed } from '../../testbed/demo/cluster-tools.ts';
import { checkAgent } from './agent-checks.ts';
import { Checks } from './checks.ts';
import { Cluster } from './cluster.ts';
import { Dashboard } from './dashboard.ts';
import { Program } from './program.ts';
import { checkScanner } from './scanner-checks.ts';

interface Paths {
  readonly upstream: string;
  readonly python: string;
  readonly logs?: string;
}

/** The kubeconfig of the test bed, which is up then. */
async function prepared(): Promise<string> {
  await prepareTestBed();
  return kubeconfig;
}

/** Returns whether everything held. */
async function run({ upstream, python, logs }: Paths): Promise<boolean> {
  const KUBECONFIG = (process.env['KUBECONFIG'] ??= await prepared());
  const directory = await mkdtemp(join(tmpdir(), 'kure-compat-'));
  const SERVICE_TOKEN = nanoid(48);
  const programs: Program[] = [];
  const start = (...options: ConstructorParameters<typeof Program>) => programs[programs.push(new Program(...options)) - 1]!;
  const checks = new Checks();
  const cluster = await Cluster.open();
  try {
    const backend = start('backend', process.execPath, ['backend/main.ts'], {
      env: { HOST: '127.0.0.1', PORT: '0', DATA_DIR: directory, SERVICE_TOKEN },
    });
    const listening = () => /"url":"(http:\/\/[^"]+)"/.exec(backend.output)?.[1];
    await checks.eventually('backend: listens', () => listening() !== undefined);
    const url = listening();
    if (url === undefined) throw new Error(backend.output);
    const dashboard = await Dashboard.open(url);
    const settings = { BACKEND_URL: url, SERVICE_TOKEN, KUBECONFIG, PYTHONUNBUFFERED: '1' };
    const startTheirs = (name: string, env: Record<string, string> = {}) =>
      start(name, python, ['main.py'], { cwd: join(upstream, name), env: { ...settings, ...env } });

    await checkAgent(checks, cluster, dashboard, () => startTheirs('agent', { KURE_CHECK_INTERVAL: '1' }));
    await checkScanner(checks, cluster, dashboard, () => startTheirs('security-scanner'));

    for (const { name, output } of programs) checks.say(`${name}: no 401 and no 403 from the backend in its log`, !/(HTTP|status):? 40[13]/i.test(output));
    checks.say('backend: no token in its log', !backend.output.includes(SERVICE_TOKEN));
    checks.say('backend: nothing failed', backend.isRunning && !backend.output.includes('request failed'));
  } finally {
    for (const [index, program] of programs.entries()) {
      await program.stop();
      if (logs !== undefined) await writeFile(join(logs, `${index}-${program.name}.log`), program.output);
    }
    await cluster.close();
    await rm(directory, { recursive: true });
  }
  return checks.sum();
}

await new Command('npm run compat --')
  .description('Runs the agent and the scanner of Kure Monitor 2.3 unchanged against the backend, on the cluster of KUBECONFIG, which has the image of our agent (default: the test bed, which it brings up).')
  .option('--upstream <dir>', 'a checkout of Kure Monitor 2.3.0')
  .option('--python <file>', 'Python 3.11 with the requirements of its agent/ and security-scanner/')
  .option('--logs <dir>', 'an existing folder to keep what the programs wrote; it holds tokens')
  .action(async ({ upstream, python, logs }: Partial<Paths>) => {
    if (upstream === undefined || python === undefined) {
      console.log(styleText('yellow', 'SKIPPED: nothing was checked. Give --upstream DIR and --python FILE (see --help).'));
      return;
    }
    process.exitCode = (await run({ upstream, python, ...(logs !== undefined && { logs }) })) ? 0 : 1;
    process.exit();
  })
  .parseAsync();
