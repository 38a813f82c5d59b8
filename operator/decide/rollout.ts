/** Whether a workload's own controller has finished moving its pods. */
import { workloadId, type Workload } from '../model/snapshot.ts';

/** What the rollout still waits for, a sentence each. A verifier must be wholly available; a presenter has its budget. */
export function rolloutGaps(workload: Workload): string[] {
  const { observed, desired, updated, total, available, budget } = workload.rollout;
  const id = workloadId(workload);
  if (!observed) return [`${id}: its controller to see the new template`];
  if (updated < desired) return [`${id}: ${updated} of ${desired} pods are new`];
  if (total > updated) return [`${id}: ${total - updated} old pods are left`];
  const tolerated = workload.role === 'verifier' ? 0 : budget;
  if (available + tolerated < desired) return [`${id}: ${available} of ${desired} pods are available`];
  return [];
}
