/** `kure-bootstrap operator` */
import type { Command } from 'commander';
import { createLogger } from '../../../shared/log.ts';
import { readConfig } from '../../config.ts';
import { runOperator } from '../../run/operator.ts';
import { explained, type Cli } from '../command.ts';
import { CommandError } from '../exit.ts';

export const operator = (cli: Cli): Command =>
  explained('operator', {
    purpose: 'Runs the operator: watches the bootstrap Secret and rolls out what changes in it.',
    example: 'RELEASE=kure-monitor kure-bootstrap operator',
    exits: { done: 'stopped by a signal', failure: 'wrong settings or a failure' },
  }).action(async (_options: object, command: Command) => {
    forbidOptions(command);
    const config = readConfig(cli.env);
    await runOperator(config, createLogger('operator', config.logLevel), cli.signal);
    cli.end('done');
  });

/** They would have no effect, and the operator would work on another cluster or release than was meant. */
function forbidOptions(command: Command): void {
  const options = command.optsWithGlobals();
  const given = ['namespace', 'release', 'context', 'kubeconfig'].filter((name) => options[name] !== undefined);
  if (given.length === 0) return;
  const named = given.map((name) => `--${name}`).join(', ');
  throw new CommandError('usage', `the operator takes its settings from the environment: leave out ${named} and set POD_NAMESPACE, RELEASE or KUBECONFIG`);
}
