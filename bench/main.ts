// scripts/bench: what the programs cost, measured. Runs inside namespaces of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { compareOperators, parts, type Options } from './operator/compare.ts';

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
};

const program = new Command('bench').description('Measures the programs on a control plane of the benchmark’s own.').showHelpAfterError();

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
  .action(async (options: Options) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await compareOperators(folder, options);
    process.exit();
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
