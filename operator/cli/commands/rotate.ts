/** `kure-bootstrap rotate` */
import type { Command } from 'commander';
import { sourceOf, type KeyName } from '../../../shared/credential/keyring.ts';
import { newValue } from '../../../shared/credential/new-value.ts';
import { sourceSecretName } from '../../model/release.ts';
import { explained, type Cli } from '../command.ts';
import { CommandError, refusal } from '../exit.ts';
import { demandFollowing, follow } from '../follow.ts';
import { keyArgument } from '../keys.ts';
import { timeoutOption } from '../timeout.ts';
import { demandOperator, readStatus, type Session } from '../session.ts';
import { inSeconds } from '../show/duration.ts';
import { Progress } from '../show/progress.ts';
import { writeValue } from '../source.ts';
import { isOver, speaksOf, type RotationStatus } from '../status-document.ts';

interface Options {
  readonly revoke?: true;
  readonly wait?: true;
  /** Milliseconds. */
  readonly timeout: number;
}

export const rotate = (cli: Cli): Command =>
  explained('rotate', {
    purpose: 'Writes a new value into the Secret, which the operator then rolls out; shows no value.',
    example: 'kubectl kure-bootstrap rotate service-token --wait -n kure-system',
    exits: {
      done: 'the value is written; with --wait: it is rolled out and no older one is accepted',
      findings: 'with --wait: the operator did not take the value',
      timedOut: 'with --wait: the time is over; the rotation goes on by itself',
      refused: 'not now, as without a running operator or for a Secret of another tool; nothing was changed',
    },
  })
    .addArgument(keyArgument('the key to rotate').default('service-token'))
    .option('--revoke', 'end the present value at once; its holders are refused until they have restarted')
    .option('--wait', 'show the rotation and wait for its end')
    .addOption(timeoutOption('how long to wait', '15m'))
    .action(async (key: KeyName, options: Options, command: Command) => {
      const session = await cli.open(command);
      const before = await demandRotatable(session, key, options);
      await write(session, key, before, options);
      cli.end('done');
    });

interface Before {
  /** The target's name. */
  readonly target: string;
  readonly isPaused: boolean;
}

/** Throws where a new value would not be rolled out. */
async function demandRotatable(session: Session, key: KeyName, { revoke, wait }: Options): Promise<Before> {
  await demandOperator(session);
  if (wait) await demandFollowing(session);
  const status = await readStatus(session);
  const view = status.keys[key];
  if (view === undefined) {
    const secret = sourceSecretName(sourceOf(key), session.release);
    throw refusal(`the operator has no record of ${key}, so it would not roll it out: is it in the Secret ${secret}, and does this operator know the key? Nothing was changed`);
  }
  if (revoke && key === 'encryption-key') throw refusal('an encryption key cannot be revoked, what is stored under it would be lost: rotate it without --revoke');
  if (status.requests.pause && (wait || revoke)) {
    throw refusal(`the operator is paused, so the ${wait ? 'wait would not end' : 'value would not be revoked'}: run \`kure-bootstrap resume\` first; nothing was changed`);
  }
  return { target: view.target, isPaused: status.requests.pause === true };
}

async function write(session: Session, key: KeyName, { target: before, isPaused }: Before, options: Options): Promise<void> {
  const { screen, release, clock } = session;
  const startedAt = clock.now();
  const resourceVersion = await writeValue(session, key, newValue(key), options.revoke && before);
  const secret = sourceSecretName(sourceOf(key), release);
  screen.print(`${key}: a new value is in the Secret ${secret} of ${release.namespace}.`);
  if (options.revoke) screen.print(`Generation ${before} is being revoked: who still holds it is refused until it has restarted.`);
  if (!options.wait) {
    screen.print(`The operator rolls it out${isPaused ? ' after `kure-bootstrap resume`' : ''}; see \`kure-bootstrap status --watch\`.`);
    screen.document({ key, secret, resourceVersion, before });
    return;
  }
  const status = await waitForEnd(session, key, resourceVersion, options.timeout);
  const summary = summaryOf(status, key, before, clock.now() - startedAt);
  screen.print(...summaryLines(summary));
  screen.document(summary);
}

async function waitForEnd(session: Session, key: KeyName, resourceVersion: string, timeoutMs: number): Promise<RotationStatus> {
  const progress = new Progress(session.screen, key, session.clock);
  try {
    return await follow(session, {
      onStatus: (status) => speaksOf(status, sourceOf(key), resourceVersion) && progress.show(status),
      until: (status) => isOver(status, key, resourceVersion),
      timeoutMs,
    });
  } finally {
    progress.end();
  }
}

interface Summary {
  readonly key: KeyName;
  readonly before: string;
  readonly generation: string;
  readonly milliseconds: number;
  /** `Kind/name`, each restarted once. */
  readonly restarted: readonly string[];
}

/** Throws where the value did not become the target. */
function summaryOf(status: RotationStatus, key: KeyName, before: string, milliseconds: number): Summary {
  const generation = status.keys[key]?.target ?? before;
  if (generation === before) {
    throw new CommandError('findings', `the operator did not take the value of ${key} and put the one before back: see \`kubectl get events --field-selector source=kure-bootstrap\``);
  }
  const entry = status.history.findLast((one) => one.key === key && one.generation === generation);
  return { key, before, generation, milliseconds, restarted: entry?.workloads ?? [] };
}

function summaryLines({ key, generation, milliseconds, restarted }: Summary): string[] {
  const restarts = `${restarted.length} ${restarted.length === 1 ? 'restart' : 'restarts'}`;
  return [`${key} is now generation ${generation}: ${inSeconds(milliseconds)}, ${restarts}; no older value is accepted.`, ...restarted.map((workload) => `  ${workload}`)];
}
