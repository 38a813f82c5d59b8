/** Workloads that read a key and whose pods would stay as they are, and verifiers that are not there: a rotation would wait for a person. */
import { workloadId, type Workload } from '../../../model/snapshot.ts';
import { haltWords } from '../../restart-plan.ts';
import type { Check, Finding } from '../finding.ts';

export const rollouts: Check = ({ readers, release: { namespace } }) => [
  ...readers.filter(({ restartable }) => restartable).flatMap((reader) => halted(reader, namespace)),
  ...away(readers.filter(({ role }) => role === 'verifier'), namespace),
];

function halted(workload: Workload, namespace: string): Finding[] {
  if (workload.halted === undefined) return [];
  const id = workloadId(workload);
  const what = `${id} is ${haltWords[workload.halted]}: a rotation would wait until its pods are new`;
  return [{ what, mend: [`${remedies[workload.halted](id.toLowerCase())} -n ${namespace}`] }];
}

const patch = (id: string, updateStrategy: object): string => `kubectl patch ${id} --type=merge --patch '${JSON.stringify({ spec: { updateStrategy } })}'`;

const remedies = {
  paused: (id: string) => `kubectl rollout resume ${id}`,
  onDelete: (id: string) => patch(id, { type: 'RollingUpdate' }),
  partition: (id: string) => patch(id, { rollingUpdate: { partition: 0 } }),
} as const;

/** Without a verifier that is ready nothing is retired. */
function away(verifiers: readonly Workload[], namespace: string): Finding[] {
  if (verifiers.some(({ rollout }) => rollout.available > 0)) return [];
  return verifiers.map((verifier) => {
    const id = workloadId(verifier);
    const mend = verifier.rollout.desired === 0 ? `kubectl scale ${id.toLowerCase()} --replicas=1` : `kubectl describe ${id.toLowerCase()}`;
    return { what: `no pod of ${id} is available, so nothing can be retired`, mend: [`${mend} -n ${namespace}`] };
  });
}
