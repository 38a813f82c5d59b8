/** `kure-bootstrap abort` */
import type { Command } from 'commander';
import { sourceOf, type KeyName } from '../../../shared/credential/keyring.ts';
import { askForTarget, type WaitOptions } from '../ask-operator.ts';
import { abortable } from '../candidates.ts';
import { explained, type Cli } from '../command.ts';
import { keyArgument } from '../keys.ts';
import { demandOperator, readStatus } from '../session.ts';
import { readOwnSource } from '../source.ts';

export const abort = (cli: Cli): Command =>
  explained('abort', {
    purpose: 'Gives up the value that is being rolled out; the one before it is rolled out again.',
    example: 'kubectl kure-bootstrap abort service-token -n kure-system',
    exits: { done: 'the value before is the target again', timedOut: 'the operator has not answered within a minute', refused: 'nothing is under way, or it is too late; nothing was changed' },
  })
    .addArgument(keyArgument('whose rotation; the only one that is under way without it'))
    .option('--no-wait', 'do not wait until the operator has taken it')
    .action(async (key: KeyName | undefined, options: WaitOptions, command: Command) => {
      const session = await cli.open(command);
      await demandOperator(session);
      const candidate = abortable(await readStatus(session), key);
      await readOwnSource(session, sourceOf(candidate.key));
      session.screen.print(`${candidate.key}: generation ${candidate.generation} is given up. Workloads that carry it restart once more, with the value before.`);
      const target = await askForTarget(session, 'abort', candidate.generation, candidate, options);
      if (target !== undefined) session.screen.print(`That value is the target again, as generation ${target}; see \`kure-bootstrap status --watch\`.`);
      session.screen.document({ key: candidate.key, aborted: candidate.generation, target });
      cli.end('done');
    });
