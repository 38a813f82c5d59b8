/** The loop: observe, decide, act, tell; again when something changes or the plan asks to look again. */
import type { Clock } from '../../shared/clock.ts';
import type { Logger } from '../../shared/log.ts';
import { isOvertaken, type Outcome } from '../act/execute.ts';
import type { Action } from '../model/action.ts';
import type { Plan } from '../model/plan.ts';
import { isSameRecord, lacksAnswers, type Snapshot } from '../model/snapshot.ts';
import type { Look } from './observer.ts';
import type { Wake } from './wake.ts';

export interface Steps {
  readonly observe: (look: Look) => Promise<Snapshot>;
  readonly decide: (snapshot: Snapshot) => Plan;
  readonly act: (actions: readonly Action[]) => Promise<readonly Outcome[]>;
  /** Takes note of what was decided and what became of it; returns at once and never fails. */
  readonly tell: (snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[]) => void;
}

/** Milliseconds after a failure. */
const retryMs = { min: 500, max: 30_000 };
/** Milliseconds between two passes, however many changes come. */
const breathMs = 20;
/** So many passes follow one another without a breath, each on the record that the one before has written. */
const maxStrides = 5;

/** Runs until the signal is aborted; a pass that has begun ends before its next write. */
export async function run(steps: Steps, wake: Wake, clock: Clock, log: Logger, signal: AbortSignal): Promise<void> {
  for (let failures = 0, strides = 0; !signal.aborted; ) {
    const waitMs = await pass(steps, failures === 0, signal).catch((error: unknown) => log.error({ err: error }, 'pass failed'));
    failures = waitMs === undefined ? failures + 1 : 0;
    strides = waitMs === 0 ? strides + 1 : 0;
    if (strides % maxStrides > 0) continue;
    await clock.sleep(breathMs, signal).catch(() => {});
    await wake.within(waitMs ?? Math.min(retryMs.min * 2 ** (failures - 1), retryMs.max), signal);
  }
}

/** Returns after how many milliseconds to look again; undefined where an action failed that somebody must see to. */
async function pass({ observe, decide, act, tell }: Steps, isQuick: boolean, signal: AbortSignal): Promise<number | undefined> {
  let snapshot = await observe(isQuick ? 'known' : 'asked');
  let plan = decide(snapshot);
  // Verifiers are only waited for where there is nothing to do, or nothing seems to move, without their answers.
  if ((plan.actions.length === 0 || plan.phase === 'Stuck') && lacksAnswers(snapshot)) plan = decide((snapshot = await observe('asked')));
  if (plan.actions.some(({ kind }) => kind === 'Reread')) {
    tell(snapshot, plan, []);
    const fresh = await observe('fresh');
    // The watches are behind: they will catch up, and nothing is ever decided on older Secrets than before.
    if (!isSameRecord(fresh, snapshot)) return retryMs.min;
    plan = decide((snapshot = fresh));
  }
  const outcomes = signal.aborted ? [] : await act(plan.actions);
  tell(snapshot, plan, outcomes);
  const failed = outcomes.filter(({ error }) => error !== undefined);
  if (failed.length > 0) return failed.every(isOvertaken) ? retryMs.min : undefined;
  return plan.actions.length > 0 && plan.actions.every(writesSecret) ? 0 : plan.lookAgainMs;
}

/** The view knows our own writes of Secrets: the next pass needs to wait for nothing. */
const writesSecret = ({ kind }: Action): boolean => kind === 'WriteKeyring' || kind === 'WriteSource' || kind === 'Disown';
