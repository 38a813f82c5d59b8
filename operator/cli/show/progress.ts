/** A rotation as it goes: each phase as a step, workloads moving from old to new, seconds. */
import type { Phase } from '../../../shared/contract/phases.ts';
import type { KeyName } from '../../../shared/credential/keyring.ts';
import type { Clock } from '../../../shared/clock.ts';
import type { Screen } from '../screen.ts';
import type { RotationStatus, WorkloadView } from '../status-document.ts';
import { inSeconds } from './duration.ts';
import { styleOf, type Paint } from './status.ts';
import { table } from './table.ts';

/** How often the seconds move on a terminal. */
const tickMs = 200;

export interface Step {
  readonly phase: Phase;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** The steps that were seen, with the present one last; a phase that is gone through again is a step of its own. */
export function stepsWith(steps: readonly Step[], phase: Phase, now: number): readonly Step[] {
  return steps.at(-1)?.phase === phase ? steps : [...steps, { phase, startedAt: now }];
}

/** The key's own phase; a write that is not recorded yet shows in the phase of the whole only. */
function phaseOf(status: RotationStatus, key: KeyName): Phase {
  const own = status.keys[key]?.phase ?? 'Stable';
  return own === 'Stable' ? status.phase : own;
}

/** What has changed since the status before, for a log: the phase, what it waits for, what failed, and counts. */
export function changes(before: RotationStatus | undefined, after: RotationStatus, key: KeyName): string[] {
  const failed = after.failures.filter((failure) => !before?.failures.includes(failure)).map((failure) => beside('', failure));
  return [...phaseChange(before, after, key), ...failed, ...countChanges(before, after, key)];
}

/** Beside the phase, in a column of its own. */
const beside = (phase: Phase | '', text: string): string => `${phase.padEnd(10)}  ${text}`;

function phaseChange(before: RotationStatus | undefined, after: RotationStatus, key: KeyName): string[] {
  const phase = phaseOf(after, key);
  const reasonOf = (status: RotationStatus | undefined) => status?.keys[key]?.waitingFor?.[0];
  const reason = reasonOf(after);
  const isNew = before === undefined || phaseOf(before, key) !== phase;
  if (reason === undefined) return isNew ? [phase] : [];
  return isNew || reasonOf(before) !== reason ? [beside(isNew ? phase : '', `waiting for ${reason}`)] : [];
}

function countChanges(before: RotationStatus | undefined, after: RotationStatus, key: KeyName): string[] {
  const counts = (status: RotationStatus | undefined) => new Map(readersOf(status, key).map((one) => [one.workload, countsOf(one)]));
  const known = counts(before);
  const moved = [...counts(after)].filter(([workload, count]) => before !== undefined && known.get(workload) !== count);
  const width = Math.max(0, ...[...known.keys()].map(({ length }) => length));
  return moved.map(([workload, count]) => beside('', `${workload.padEnd(width)}  ${count}`));
}

const countsOf = (one: WorkloadView): string => `old ${one.old}  new ${one.new}  ready ${one.ready}`;

const readersOf = (status: RotationStatus | undefined, key: KeyName): readonly WorkloadView[] =>
  status?.workloads.filter(({ reads }) => reads.includes(key)) ?? [];

/** The whole picture, for a terminal. */
export function picture(steps: readonly Step[], status: RotationStatus, key: KeyName, now: number, paint: Paint): string[] {
  const current = steps.length - 1;
  const stepLines = steps.map(({ phase, startedAt }, index) => {
    const isDone = index < current || phase === 'Stable';
    const took = inSeconds((steps[index + 1]?.startedAt ?? now) - startedAt).padStart(8);
    const mark = isDone ? paint('green', '✔') : paint(styleOf(phase), '●');
    return `  ${mark} ${phase.padEnd(10)} ${phase === 'Stable' ? '' : took}`;
  });
  const waiting = (status.keys[key]?.waitingFor ?? []).map((what) => paint('dim', `      waiting for ${what}`));
  const failures = status.failures.map((failure) => paint('red', `      ${failure}`));
  const rows = readersOf(status, key).map((one) => ['  ' + one.workload, one.old, one.new, one.ready]);
  return [...stepLines, ...waiting, ...failures, '', ...table([['', 'OLD', 'NEW', 'READY'], ...rows])];
}

/** Shows a rotation of one key on the screen until it is told to end. */
export class Progress {
  readonly #screen: Screen;
  readonly #key: KeyName;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #steps: readonly Step[] = [];
  #status: RotationStatus | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, key: KeyName, clock: Clock) {
    this.#screen = screen;
    this.#key = key;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  show(status: RotationStatus): void {
    const now = this.#clock.now();
    const before = this.#status;
    this.#status = status;
    this.#steps = stepsWith(this.#steps, phaseOf(status, this.#key), now);
    if (this.#screen.moves) {
      this.#timer ??= setInterval(() => this.#draw(), tickMs);
      this.#draw();
      return;
    }
    const seconds = inSeconds(now - this.#startedAt).padStart(8);
    this.#screen.print(...changes(before, status, this.#key).map((line) => `${seconds}  ${line}`));
  }

  /** Leaves the last picture; may be called twice. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#draw();
    this.#screen.settle();
  }

  #draw(): void {
    if (this.#status === undefined) return;
    this.#screen.draw(picture(this.#steps, this.#status, this.#key, this.#clock.now(), this.#screen.paint));
  }
}
