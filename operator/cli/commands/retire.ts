/** `kure-bootstrap retire` */
import type { Command } from 'commander';
import { ask, lastRefusal, type WaitOptions } from '../ask-operator.ts';
import { retirable } from '../candidates.ts';
import { explained, type Cli } from '../command.ts';
import { CommandError, refusal } from '../exit.ts';
import { demandOperator, readStatus } from '../session.ts';
import { moreLines } from '../show/status.ts';
import type { RotationStatus } from '../status-document.ts';

type Options = WaitOptions & { readonly now?: true };

export const retire = (cli: Cli): Command =>
  explained('retire', {
    purpose: 'Lets a generation end without pods that are long past their deletion, as on a dead node.',
    example: 'kubectl kure-bootstrap retire --now q0d7uplrxhhg -n kure-system',
    exits: { done: 'the generation is retired', timedOut: 'it still waits for something else, which status names', refused: 'there is no such generation, or it is in force; nothing was changed' },
  })
    .argument('<generation>', 'the older one, as `status` shows it')
    .option('--now', 'needed: a pod that comes back with the value is refused')
    .option('--no-wait', 'do not wait until it is retired')
    .action(async (generation: string, options: Options, command: Command) => {
      const session = await cli.open(command);
      if (!options.now) throw refusal('a generation retires by itself, on proof that no pod holds it; --now goes on without pods that are long past their deletion');
      await demandOperator(session);
      const before = await readStatus(session);
      const { key } = retirable(before, generation);
      const workloads = before.workloads.filter(({ reads }) => reads.includes(key));
      const others = before.otherHolders.filter(({ reads }) => reads.includes(key));
      const holders = [...workloads.flatMap((one) => one.holders), ...others.map(({ pod }) => pod)];
      const more = workloads.reduce((sum, { old, holders: named }) => sum + old - named.length, before.moreHolders);
      session.screen.print(`${key}: generation ${generation} ends without pods that are long past their deletion; all other holders are waited for.`);
      session.screen.print(...holders.map((pod) => `  ${pod} holds an older value`), ...moreLines(more).map((line) => `  ${line}`));
      const isAccepted = ({ keys }: RotationStatus) => keys[key]?.accepted.some(({ name }) => name === generation) ?? false;
      const after = await ask(session, 'retire', generation, options, (status) => !isAccepted(status) || isRefused(status));
      if (after && isAccepted(after)) throw new CommandError('refused', (await lastRefusal(session, 'retire')) ?? `the operator did not retire ${generation}`);
      if (after) session.screen.print(`Generation ${generation} is retired.`);
      session.screen.document({ key, retired: generation, done: after !== undefined });
      cli.end('done');
    });

/** Consumed, and nothing is being recorded. */
const isRefused = ({ requests, phase }: RotationStatus): boolean => requests.retire === undefined && phase !== 'Debouncing';
