/** `kure-bootstrap verify` */
import type { Command } from 'commander';
import { explained, type Cli } from '../command.ts';
import { tellingWait } from '../patience.ts';
import type { Session } from '../session.ts';
import { checks, type Finding } from '../verify/checks.ts';
import { gatherEvidence } from '../verify/evidence.ts';

export const verify = (cli: Cli): Command =>
  explained('verify', {
    purpose: 'Asks the cluster and each verifier whether everything holds what it should.',
    example: 'kubectl kure-bootstrap verify -n kure-system',
    exits: { done: 'everything does', findings: 'something does not; each finding names it' },
  }).action(async (_options: object, command: Command) => {
    const session = await cli.open(command);
    const { screen } = session;
    const results = await tellingWait(screen, 'until all presenters were heard of, for 20 s at most', settled(session));
    for (const { what, findings } of results) {
      const isGood = findings.length === 0;
      screen.print(`${isGood ? screen.paint('green', 'ok  ') : screen.paint('red', 'no  ')}${what}`, ...findings.map((finding) => `      ${finding}`));
    }
    screen.document(results);
    cli.end(results.every(({ findings }) => findings.length === 0) ? 'done' : 'findings');
  });

interface Result {
  readonly what: string;
  readonly findings: readonly Finding[];
}

/** A verifier that has just started has not heard of everybody; the reference presenters speak every 15 s. */
const patienceMs = 20_000;
const pauseMs = 1_000;

async function settled(session: Session): Promise<Result[]> {
  const { clock, signal } = session;
  const until = clock.now() + patienceMs;
  for (;;) {
    const evidence = await gatherEvidence(session);
    signal.throwIfAborted();
    const results = Object.entries(checks).map(([what, check]) => ({ what, findings: check(evidence) }));
    const bad = results.filter(({ findings }) => findings.length > 0);
    const mayHeal = bad.length === 1 && bad[0]?.what === 'each presenter uses the target';
    if (!mayHeal || clock.now() > until) return results;
    await clock.sleep(pauseMs, signal);
  }
}
