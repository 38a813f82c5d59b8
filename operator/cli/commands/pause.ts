/** `kure-bootstrap pause` */
import type { Command } from 'commander';
import { ask, type WaitOptions } from '../ask-operator.ts';
import { explained, type Cli } from '../command.ts';
import { refusal } from '../exit.ts';
import { demandOperator, readStatus } from '../session.ts';

export const pause = (cli: Cli): Command =>
  explained('pause', {
    purpose: 'Stops restarts and retirements until `resume`; every value stays accepted.',
    example: 'kubectl kure-bootstrap pause -n kure-system',
    exits: { done: 'the operator is paused', timedOut: 'the operator has not answered within a minute', refused: 'it is paused already, or no operator runs; nothing was changed' },
  })
    .option('--no-wait', 'do not wait until the operator has taken it')
    .action(async (options: WaitOptions, command: Command) => {
      const session = await cli.open(command);
      await demandOperator(session);
      const { requests } = await readStatus(session);
      if (requests.pause) throw refusal('the operator is paused already; `kure-bootstrap resume` ends it');
      const status = await ask(session, 'pause', 'true', options, ({ phase }) => phase === 'Paused');
      const said = status ? 'Paused: nothing restarts and nothing is retired' : 'Asked for: the operator restarts and retires nothing once it has taken it';
      session.screen.print(`${said}. A rotation that is under way stays where it is, with every value accepted.`);
      session.screen.print('`kure-bootstrap resume` goes on.');
      session.screen.document({ paused: true, phase: status?.phase });
      cli.end('done');
    });
