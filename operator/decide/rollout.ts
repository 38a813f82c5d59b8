/** Whether a workload's own controller has finished moving its pods. */
import { workloadId, type Workload } from '../model/snapshot.ts';
import { gapForPerson, watchedGap, type Gap } from './gap.ts';

/** What the rollout still waits for. A verifier must be wholly available; a presenter has its budget. */
export function rolloutGaps(workload: Workload): Gap[] {
  const { observed, desired, updated, total, available, budget } = workload.rollout;
  const id = workloadId(workload);
  if (!observed) return [watchedGap(`${id}: its controller to see the new template`)];
  if (desired === 0 && workload.role === 'verifier') return [gapForPerson(`${id}: a pod; it is scaled to zero`)];
  if (updated < desired) return [whileMoving(workload, `${updated} of ${desired} pods are new`)];
  if (total > updated) return [whileMoving(workload, `${total - updated} of ${total} pods are old`)];
  const tolerated = workload.role === 'verifier' ? 0 : budget;
  if (available + tolerated < desired) return [watchedGap(`${id}: ${available} of ${desired} pods are available`)];
  return [];
}

/** A controller that was told not to move pods never will. */
function whileMoving(workload: Workload, progress: string): Gap {
  const id = workloadId(workload);
  const remedy = workload.halted && remedies[workload.halted](id.toLowerCase());
  return remedy === undefined ? watchedGap(`${id}: ${progress}`) : gapForPerson(`${id}: ${progress}; ${remedy}`);
}

const remedies = {
  paused: (id: string) => `it is paused: kubectl rollout resume ${id}`,
  onDelete: () => 'its update strategy leaves them to you: delete its old pods',
  partition: () => 'its update strategy keeps those below its partition: set that to 0',
} as const;
