/** The command line. The only file that touches the process: arguments, environment, signals, exit code. */
import { Command } from 'commander';
import { createLogger } from '../shared/log.ts';
import { readConfig } from './config.ts';
import { runOperator } from './run/operator.ts';

const program = new Command('kure-bootstrap').description('Rotates the shared credentials of Kure Monitor with no rejected request.');

program
  .command('operator')
  .description('Runs the operator: watches the bootstrap Secret and rolls out what changes in it.')
  .addHelpText('after', '\nExample:\n  RELEASE=kure-monitor kure-bootstrap operator\n\nExit codes: 0 stopped by a signal, 1 wrong settings or a failure.')
  .action(async () => {
    const config = readConfig(process.env);
    const stopping = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)));
    }
    await runOperator(config, createLogger('operator', config.logLevel), stopping.signal);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(`kure-bootstrap: ${(error as Error).message}`);
  process.exitCode = 1;
}
