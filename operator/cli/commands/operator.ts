/** `kure-bootstrap operator` */
import type { Command } from 'commander';
import { createLogger } from '../../../shared/log.ts';
import { readConfig } from '../../config.ts';
import { runOperator } from '../../run/operator.ts';
import { explained, type Cli } from '../command.ts';

export const operator = (cli: Cli): Command =>
  explained('operator', {
    purpose: 'Runs the operator: watches the bootstrap Secret and rolls out what changes in it.',
    example: 'RELEASE=kure-monitor kure-bootstrap operator',
    exits: { done: 'stopped by a signal', failure: 'wrong settings or a failure' },
  }).action(async () => {
    const config = readConfig(cli.env);
    await runOperator(config, createLogger('operator', config.logLevel), cli.signal);
    cli.end('done');
  });
