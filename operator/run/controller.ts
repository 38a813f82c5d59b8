/** The loop: observe, decide, act, tell; again when something changes or the plan asks to look again. */
import type { Clock } from '../../shared/clock.ts';
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
    let waitMs: number;
    try {
      waitMs = await pass(steps, signal);
      failures = 0;
    } catch (error) {
      waitMs = Math.min(retryMs.min * 2 ** failures, retryMs.max);
      failures += 1;
      log.error({ waitMs, err: { message: (error as Error).message } }, 'pass failed');
    }
    await clock.sleep(breathMs, signal).catch(() => {});
    await wake.within(waitMs, signal);
  }
}

/** One pass; returns after how many milliseconds to look again. What cannot be undone is decided on a fresh read. */
async function pass({ observe, decide, act, tell }: Steps, signal: AbortSignal): Promise<number> {
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
  return outcomes.some(({ error }) => error !== undefined) ? retryMs.min : plan.lookAgainMs;
}
