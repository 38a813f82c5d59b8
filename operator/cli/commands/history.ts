/** `kure-bootstrap history` */
import type { Command } from 'commander';
import { explained, type Cli } from '../command.ts';
import { readStatus } from '../session.ts';
import { historyLines } from '../show/history.ts';

export const history = (cli: Cli): Command =>
  explained('history', {
    purpose: 'Lists the last rotations: which key, by whom, when, how long, how many restarts.',
    example: 'kubectl kure-bootstrap history -n kure-system',
    exits: { done: 'listed' },
  }).action(async (_options: object, command: Command) => {
    const session = await cli.open(command);
    const { history } = await readStatus(session);
    session.screen.print(...historyLines(history));
    session.screen.document(history);
    cli.end('done');
  });
