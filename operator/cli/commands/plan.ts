/** `kure-bootstrap plan` */
import type { Command } from 'commander';
import { keyNames, type KeyName } from '../../../shared/credential/keyring.ts';
import { explained, type Cli } from '../command.ts';
import { keyArgument } from '../keys.ts';
import { ifReadable } from '../optional.ts';
import { findReaders } from '../readers.ts';
import { planRestarts } from '../restart-plan.ts';
import { reviewStamps, unstampable } from '../rights.ts';
import { planLines } from '../show/plan.ts';
import { findOperator } from '../release/deployment.ts';
import { lookForOperator, readConfigMap, type Session } from '../session.ts';
import { readDocument } from '../status-document.ts';

export const plan = (cli: Cli): Command =>
  explained('plan', {
    purpose: 'Says what an edit would restart, in which order, and whom nothing restarts.',
    example: 'kubectl kure-bootstrap plan service-token -n kure-system',
    exits: { done: 'said; nothing was changed', findings: 'requests would be rejected meanwhile' },
  })
    .addArgument(keyArgument('the key that would be edited; all keys without it'))
    .action(async (key: KeyName | undefined, _options: object, command: Command) => {
      const session = await cli.open(command);
      const { client, release, lease, screen } = session;
      const readers = await findReaders(client, release);
      const operator = await findOperator(client, release);
      const refused = unstampable(readers.workloads, await reviewStamps({ client, release, lease, operator }, readers.workloads));
      const halted = await whyHalted(session);
      const plans = (key === undefined ? keyNames : [key]).map((one) => planRestarts(one, readers, { refused, halted }));
      screen.print(...plans.flatMap((one, index) => (index === 0 ? planLines(one) : ['', ...planLines(one)])));
      screen.document(plans);
      cli.end(plans.some(({ rejects }) => rejects) ? 'findings' : 'done');
    });

/** Why no workload would be restarted at all for now; undefined also where it may not be known. */
async function whyHalted(session: Session): Promise<string | undefined> {
  if ((await lookForOperator(session)) === 'away') return 'no operator runs: nothing restarts until one does';
  const configMap = await ifReadable(readConfigMap(session));
  return configMap && readDocument(configMap).requests.pause ? 'the operator is paused: nothing restarts until `kure-bootstrap resume`' : undefined;
}
