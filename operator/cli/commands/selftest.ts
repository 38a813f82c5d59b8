/** `kure-bootstrap selftest` */
import type { Command } from 'commander';
import { attestationPath } from '../../../shared/contract/attestation.ts';
import { explained, type Cli } from '../command.ts';
import { CommandError, type Exit } from '../exit.ts';
import { follow } from '../follow.ts';
import { shortDuration } from '../show/duration.ts';
import type { RotationStatus } from '../status-document.ts';
import { tellingWait } from '../patience.ts';
import type { Session } from '../session.ts';
import { timeoutOption } from '../timeout.ts';

const retryMs = 1_000;
const answerMs = 5_000;

interface Trial {
  readonly what: string;
  readonly run: () => Promise<void>;
}

export const selftest = (cli: Cli): Command =>
  explained('selftest', {
    purpose: 'Checks an installation from a pod of the release, as `helm test` does.',
    example: 'RELEASE=kure-monitor BACKEND_URL=http://kure-monitor-backend:8000 kure-bootstrap selftest',
    exits: { done: 'every step is good', findings: 'a step is not', timedOut: 'no operator was at work, or the release not Stable, in time' },
  })
    .addOption(timeoutOption('how long each step may take', '2m'))
    .action(async ({ timeout }: { timeout: number }, command: Command) => {
      const session = await cli.open(command);
      cli.end(await runAll(trials(session, cli.env, timeout), session));
    });

async function runAll(steps: readonly Trial[], { screen }: Session): Promise<Exit> {
  const results: { what: string; failure?: string }[] = [];
  let exit: Exit = 'done';
  for (const { what, run } of steps) {
    try {
      await tellingWait(screen, `until ${what}`, run());
      results.push({ what });
      screen.print(`ok  ${what}`);
    } catch (error) {
      exit = error instanceof CommandError ? error.exit : 'findings';
      const failure = sentenceOf(error as Error);
      results.push({ what, failure });
      screen.print(`no  ${what}: ${failure}`);
      break;
    }
  }
  screen.document(results);
  return exit;
}

/** `fetch` itself says only that it failed. */
const sentenceOf = ({ message, cause }: Error): string => (cause instanceof Error ? `${message}: ${cause.message}` : message);

function trials(session: Session, env: Cli['env'], timeoutMs: number): Trial[] {
  const { client, release } = session;
  const url = env['BACKEND_URL'] || `http://${release.rotationConfigMap.replace(/-rotation$/, '-backend')}:8000`;
  const token = env['SERVICE_TOKEN'];
  const within = (work: () => Promise<void>) => () => insist(work, session, timeoutMs);
  return [
    { what: 'the API server answers', run: within(async () => void (await client.get('/version'))) },
    { what: 'an operator is at work', run: () => demandFreshStatus(session, timeoutMs) },
    {
      what: `the operator's status ${release.rotationConfigMap} is Stable`,
      run: async () => void (await follow(session, { onStatus: () => {}, until: ({ phase }) => phase === 'Stable', timeoutMs })),
    },
    { what: `the backend at ${url} is ready`, run: within(() => answers(`${url}/ready`)) },
    ...(token ? [{ what: 'the backend attests with our token', run: within(() => answers(url + attestationPath, token)) }] : []),
  ];
}

/** It writes its status every ten minutes at least. One that an uninstall has kept may say Stable for ever. */
const staleMs = 900_000;

async function demandFreshStatus(session: Session, timeoutMs: number): Promise<void> {
  const age = ({ writtenAt }: RotationStatus) => session.clock.now() - Date.parse(writtenAt);
  let last: RotationStatus | undefined;
  try {
    await follow(session, { onStatus: (status) => (last = status), until: (status) => age(status) < staleMs, timeoutMs });
  } catch (error) {
    if (session.signal.aborted || last === undefined) throw error;
    throw new CommandError('timedOut', `its last status is from ${shortDuration(age(last))} ago`);
  }
}

/** Tries again until the time is over: right after an installation addresses are still being spread. */
async function insist(work: () => Promise<void>, { clock, signal }: Session, timeoutMs: number): Promise<void> {
  const until = clock.now() + timeoutMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (clock.now() > until) throw error;
      await clock.sleep(retryMs, signal);
    }
  }
}

async function answers(url: string, token?: string): Promise<void> {
  const response = await fetch(url, { headers: token === undefined ? {} : { 'x-service-token': token }, signal: AbortSignal.timeout(answerMs) });
  await response.body?.cancel();
  if (response.status !== 200) throw new Error(`it answers ${response.status}`);
}
