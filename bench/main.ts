// scripts/bench: what the programs cost, measured. Runs inside namespaces of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { compareBackends, type Options as BackendOptions } from './backend/compare.ts';
import { measureDashboard, type DashboardOptions } from './dashboard/measure.ts';
import { compareOperators, parts, type Options as OperatorOptions } from './operator/compare.ts';

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
};

const program = new Command('npm run bench --').description('Measures the programs beside others that do the same, on servers of the benchmark’s own.').showHelpAfterError();

program
  .command('operator')
  .description('the operator and, given its binary, stakater/Reloader: delay, many edits at once, memory')
  .option('--reloader <file>', 'the binary of Reloader; without it only ours is measured')
  .addOption(new Option('--only <parts...>', 'measure only these').choices(parts).default(parts))
  .option('--edits <count>', 'how many edits the delays are the medians of', positive, 100)
  .option('--releases <count>', 'how many releases are edited at once', positive, 200)
  .option('--secrets <count>', 'how many foreign Secrets of 1.5 KB there are', positive, 20_000)
  .option('--runs <count>', 'how many processes the memory is the median of', positive, 5)
  .addHelpText('after', '\nExample:\n  npm run bench -- operator --reloader ~/go/bin/Reloader')
  .action((options: OperatorOptions) => inFolder((folder) => compareOperators(folder, options)));

program
  .command('backend')
  .description('the backend on SQLite and on PostgreSQL and, given a checkout, upstream’s: requests per second, latency, memory')
  .option('--upstream <dir>', 'a checkout of Kure Monitor 2.3.0; without it only ours is measured')
  .option('--python <file>', 'Python 3.11 with the requirements of its backend/')
  .option('--seconds <count>', 'how long each load lasts', positive, 10)
  .option('--minutes <count>', 'how long all loads together last, for the memory', positive, 1)
  .addHelpText('after', '\nNeeds wrk and PostgreSQL (Debian’s packages).\n\nExample:\n  npm run bench -- backend --upstream ~/kure-monitor --python ~/venv/bin/python')
  .action((options: BackendOptions) => inFolder((folder) => compareBackends(folder, options)));

program
  .command('dashboard')
  .description('what the dashboard costs a browser: the first load, the time until it answers, a long list')
  .option('--visits <count>', 'how many visits with an empty cache the figures are the medians of', positive, 20)
  .option('--findings <count>', 'how long the list is', positive, 10_000)
  .action((options: DashboardOptions) => inFolder((folder) => measureDashboard(folder, options)));

/** The folder goes with the process. */
async function inFolder(measure: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await measure(folder);
  process.exit();
}

// The first process of a namespace is ended by no signal that it does not take; its end is that of all others in there.
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => process.exit(code));

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
