/** `kure-bootstrap accept` */
import type { Command } from 'commander';
import { sourceOf } from '../../../shared/credential/keyring.ts';
import { askForTarget, type WaitOptions } from '../ask-operator.ts';
import { acceptable } from '../candidates.ts';
import { explained, type Cli } from '../command.ts';
import { demandOperator, readStatus } from '../session.ts';
import { readOwnSource } from '../source.ts';

export const accept = (cli: Cli): Command =>
  explained('accept', {
    purpose: 'Takes a value that a renderer made up, and that was put back, as an edit after all.',
    example: 'kubectl kure-bootstrap accept -n kure-system',
    exits: { done: 'the value is the target', timedOut: 'the operator has not answered within a minute', refused: 'no such value is waiting; nothing was changed' },
  })
    .argument('[generation]', 'its name, as `status` shows it; the newest without it')
    .option('--no-wait', 'do not wait until the operator has taken it')
    .action(async (generation: string | undefined, options: WaitOptions, command: Command) => {
      const session = await cli.open(command);
      await demandOperator(session);
      const candidate = acceptable(await readStatus(session), generation);
      await readOwnSource(session, sourceOf(candidate.key));
      session.screen.print(`${candidate.key}: the made-up value ${candidate.generation} is rolled out like an edit, with the other values of the same render.`);
      const target = await askForTarget(session, 'accept', candidate.generation, candidate, options);
      if (target !== undefined) session.screen.print(`It is the target, as generation ${target}; see \`kure-bootstrap status --watch\`.`);
      session.screen.document({ key: candidate.key, accepted: candidate.generation, target });
      cli.end('done');
    });
