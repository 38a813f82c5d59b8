// npm run cluster -- up | status | shell | down
import { spawnSync } from 'node:child_process';
import { styleText } from 'node:util';
import { Command } from 'commander';
import { binaries, buildTool, kubernetesVersion, tools, type ToolName } from './binaries.ts';
import { down, exists, helmPath, kubeconfig, kubeconfigInside, kubectlPath, status, up } from './cluster.ts';
import { inside } from './network.ts';
import { auditLog } from './places.ts';
import { progressOn } from './progress.ts';
import { RequirementError } from './requirements.ts';

const program = new Command('npm run cluster --')
  .description('A real Kubernetes on this machine, in a network namespace of its own.')
  .showHelpAfterError()
  .enablePositionalOptions();

const example = (text: string): string => `\nExample:\n  ${text}`;

program
  .command('up')
  .description('start the cluster, or mend it; returns at once when it is well')
  .addHelpText('after', example(`npm run cluster -- up && export KUBECONFIG=${kubeconfig}`))
  .action(async () => {
    await up(progressOn(process.stderr));
    console.log(
      `The cluster is up. Use it with:\n\n  export KUBECONFIG=${kubeconfig}\n  export PATH=${binaries}:$PATH\n`,
    );
  });

program
  .command('status')
  .description('show components, health, versions and where things are')
  .option('--json', 'as JSON')
  .addHelpText('after', example('npm run cluster -- status --json'))
  .action(async ({ json }: { json?: boolean }) => {
    const components = await status();
    const healthy = components.every((each) => each.healthy);
    process.exitCode = healthy ? 0 : 1;
    const facts = {
      kubernetes: kubernetesVersion,
      helm: tools.helm.version,
      helm3: tools.helm3.version,
      kubeconfig,
      kubectl: kubectlPath,
      helmPath,
      audit: auditLog,
    };
    if (json) return console.log(JSON.stringify({ healthy, components, ...facts }, null, 2));
    for (const { name, pid, life, healthy: isHealthy, log } of components) {
      const word =
        life === 'running'
          ? isHealthy
            ? styleText('green', 'healthy')
            : styleText('red', 'unwell ')
          : styleText('red', life.padEnd(7));
      console.log(`${name.padEnd(24)} ${String(pid ?? '-').padStart(8)}  ${word}  ${log}`);
    }
    console.log();
    for (const [name, value] of Object.entries(facts)) console.log(`${name.padEnd(12)} ${value}`);
    if (!healthy) console.log('\nStart or mend it: npm run cluster -- up');
  });

program
  .command('shell')
  .description('open a shell inside the network namespace, or run one command there')
  .argument('[command...]', 'what to run instead of a shell')
  .passThroughOptions()
  .addHelpText('after', example('npm run cluster -- shell -- curl -k https://10.96.0.1/version'))
  .action((words: string[]) => {
    if (!exists()) throw new RequirementError('There is no cluster: npm run cluster -- up');
    const line = inside(...(words.length > 0 ? words : [process.env['SHELL'] || 'bash']));
    const env = { ...process.env, KUBECONFIG: kubeconfigInside, PATH: `${binaries}:${process.env['PATH']}` };
    process.exitCode = spawnSync(line.program, line.args, { stdio: 'inherit', env }).status ?? 1;
  });

program
  .command('tool')
  .description('build a program that only some work needs, and print where it is')
  .argument('<name>', `one of ${Object.keys(tools).join(', ')}`)
  .addHelpText('after', example('$(npm run --silent cluster -- tool kwok) --version'))
  .action(async (name: string) => {
    if (!Object.hasOwn(tools, name))
      throw new RequirementError(`There is no tool ${name}: it is one of ${Object.keys(tools).join(', ')}`);
    console.log(await buildTool(name as ToolName, progressOn(process.stderr)));
  });

program
  .command('down')
  .description('stop the cluster and remove everything it made; built programs are kept')
  .addHelpText('after', example('npm run cluster -- down'))
  .action(async () => {
    await progressOn(process.stderr).step('removing the cluster', () => down());
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
