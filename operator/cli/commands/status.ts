/** `kure-bootstrap status` */
import type { Command } from 'commander';
import { explained, type Cli } from '../command.ts';
import type { Exit } from '../exit.ts';
import { demandFollowing, follow } from '../follow.ts';
import type { Liveness } from '../release/liveness.ts';
import { lookForOperator, readStatus, type Session } from '../session.ts';
import { statusLines } from '../show/status.ts';
import type { RotationStatus } from '../status-document.ts';

const tickMs = 1_000;

export const status = (cli: Cli): Command =>
  explained('status', {
    purpose: 'Shows the phase, the generations and how far each workload is.',
    example: 'kubectl kure-bootstrap status --watch -n kure-system',
    exits: { done: 'the phase is Stable', findings: 'any other phase' },
  })
    .option('-w, --watch', 'show every change until it is interrupted')
    .action(async (options: { watch?: true }, command: Command) => {
      const session = await cli.open(command);
      cli.end(options.watch ? await watch(session) : await once(session));
    });

async function once(session: Session): Promise<Exit> {
  const { screen } = session;
  const status = await readStatus(session);
  const operator = await lookForOperator(session);
  screen.print(...linesOf(status, session, operator));
  screen.document({ ...status, operator });
  return exitOf(status);
}

/** Drawn anew on a terminal, where ages move; elsewhere each status is printed once. */
async function watch(session: Session): Promise<Exit> {
  const { screen } = session;
  await demandFollowing(session);
  let last = await readStatus(session);
  const draw = () => screen.draw(linesOf(last, session));
  const timer = setInterval(draw, tickMs);
  const onStatus = (status: RotationStatus) => {
    last = status;
    draw();
    if (!screen.moves) screen.print(...linesOf(status, session), '');
    screen.document(status, true);
  };
  try {
    return exitOf(await follow(session, { onStatus, until: () => false }));
  } catch (error) {
    if (session.signal.aborted) return exitOf(last);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

const linesOf = (status: RotationStatus, { release, clock, screen }: Session, operator?: Liveness): string[] =>
  statusLines(status, release, clock.now(), screen.paint, operator);

const exitOf = ({ phase }: RotationStatus): Exit => (phase === 'Stable' ? 'done' : 'findings');
