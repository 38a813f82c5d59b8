/** The loop: observe, decide, act, tell; again when something changes or the plan asks to look again. */
import type { Clock } from '../../shared/clock.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import type { Logger } from '../../shared/log.ts';
import type { Outcome } from '../act/execute.ts';
import type { Action } from '../model/action.ts';
import type { Plan } from '../model/plan.ts';
import { isSameRecord, type Snapshot } from '../model/snapshot.ts';
import type { Wake } from './wake.ts';

export interface Steps {
  readonly observe: (fresh: boolean) => Promise<Snapshot>;
  readonly decide: (snapshot: Snapshot) => Plan;
  readonly act: (actions: readonly Action[]) => Promise<readonly Outcome[]>;
  /** Reports what was decided and what became of it; never fails. */
  readonly tell: (snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[]) => Promise<void>;
}

/** Milliseconds: after a failure of the pass itself, and between two passes however many changes come. */
const retryMs = { min: 500, max: 30_000 };
const breathMs = 20;

/** Runs until the signal is aborted; a pass that has begun ends before its next write. */
export async function run(steps: Steps, wake: Wake, clock: Clock, log: Logger, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const waitMs = await pass(steps, signal).catch((error: unknown) => {
      log.error({ err: error }, 'pass failed');
      return undefined;
    });
    failures = waitMs === undefined ? failures + 1 : 0;
    await clock.sleep(breathMs, signal).catch(() => {});
    await wake.within(waitMs ?? Math.min(retryMs.min * 2 ** (failures - 1), retryMs.max), signal);
  }
}

/**
 * One pass; returns after how many milliseconds to look again, undefined where an action failed that somebody must see to.
 * What cannot be undone is decided on a fresh read.
 */
async function pass({ observe, decide, act, tell }: Steps, signal: AbortSignal): Promise<number | undefined> {
  let snapshot = await observe(false);
  let plan = decide(snapshot);
  if (plan.actions.some(({ kind }) => kind === 'Reread')) {
    await tell(snapshot, plan, []);
    const fresh = await observe(true);
    // The watches are behind: they will catch up, and nothing is ever decided on older Secrets than before.
    if (!isSameRecord(fresh, snapshot)) return retryMs.min;
    snapshot = fresh;
    plan = decide(snapshot);
  }
  if (signal.aborted) return 0;
  const outcomes = await act(plan.actions);
  await tell(snapshot, plan, outcomes);
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  if (errors.some((error) => remedyFor(error) !== 'conflict')) return undefined;
  return errors.length > 0 ? retryMs.min : plan.lookAgainMs;
}
