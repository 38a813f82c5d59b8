/** `kure-bootstrap resume` */
import type { Command } from 'commander';
import { ask, type WaitOptions } from '../ask-operator.ts';
import { explained, type Cli } from '../command.ts';
import { refusal } from '../exit.ts';
import { demandOperator, readStatus } from '../session.ts';

export const resume = (cli: Cli): Command =>
  explained('resume', {
    purpose: 'Ends a pause; a rotation goes on where it was.',
    example: 'kubectl kure-bootstrap resume -n kure-system',
    exits: { done: 'the operator goes on', timedOut: 'the operator has not answered within a minute', refused: 'it is not paused, or no operator runs; nothing was changed' },
  })
    .option('--no-wait', 'do not wait until the operator has taken it')
    .action(async (options: WaitOptions, command: Command) => {
      const session = await cli.open(command);
      await demandOperator(session);
      const { requests, phase } = await readStatus(session);
      if (!requests.pause && phase !== 'Paused') throw refusal('the operator is not paused, so there is nothing to resume');
      const status = await ask(session, 'pause', null, options, ({ phase }) => phase !== 'Paused');
      session.screen.print(status === undefined ? 'The pause is ended.' : `The pause is ended; the phase is ${status.phase}.`);
      session.screen.document({ paused: false, phase: status?.phase });
      cli.end('done');
    });
