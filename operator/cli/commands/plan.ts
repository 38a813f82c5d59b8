/** `kure-bootstrap plan` */
import type { Command } from 'commander';
import { keyNames, type KeyName } from '../../../shared/credential/keyring.ts';
import { explained, type Cli } from '../command.ts';
import { keyArgument } from '../keys.ts';
import { findReaders } from '../readers.ts';
import { planRestarts } from '../restart-plan.ts';
import { reviewStamps, unstampable } from '../rights.ts';
import { planLines } from '../show/plan.ts';
import { findOperator } from '../release/deployment.ts';

export const plan = (cli: Cli): Command =>
  explained('plan', {
    purpose: 'Says what an edit would restart, in which order, and whom nothing restarts.',
    example: 'kubectl kure-bootstrap plan service-token -n kure-system',
    exits: { done: 'said; nothing was changed', findings: 'requests would be rejected meanwhile' },
  })
    .addArgument(keyArgument('the key that would be edited; all keys without it'))
    .action(async (key: KeyName | undefined, _options: object, command: Command) => {
      const { client, release, lease, screen } = await cli.open(command);
      const readers = await findReaders(client, release);
      const operator = await findOperator(client, release);
      const refused = unstampable(readers.workloads, await reviewStamps({ client, release, lease, operator }, readers.workloads));
      const plans = (key === undefined ? keyNames : [key]).map((one) => planRestarts(one, readers, refused));
      screen.print(...plans.flatMap((one, index) => (index === 0 ? planLines(one) : ['', ...planLines(one)])));
      screen.document(plans);
      cli.end(plans.some(({ rejects }) => rejects) ? 'findings' : 'done');
    });
