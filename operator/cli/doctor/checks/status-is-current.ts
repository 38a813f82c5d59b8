/** The operator has written its status, and nothing in it asks for a person. */
import { allWaitingFor, type RotationStatus } from '../../status-document.ts';
import type { Facts } from '../facts.ts';
import { own, type Check, type Finding } from '../finding.ts';

export const statusIsCurrent: Check = (facts) => {
  const { status, release, bootstrap } = facts;
  if (status === undefined) return unwritten(facts);
  const failures = status.failures.map((failure) => ({ what: failure, mend: [own('status', release)] }));
  const isBehind = bootstrap !== undefined && status.phase === 'Stable' && status.sources.bootstrap !== bootstrap.resourceVersion;
  const behind = isBehind
    ? [{ what: `the status says Stable of an older version of the Secret ${bootstrap.name}: the operator has not looked at the present one`, mend: [own('status --watch', release)] }]
    : [];
  return [...(failures.length > 0 ? failures : halted(status, release)), ...behind];
};

/** A new operator writes it at once; one that runs, within ten minutes. */
function unwritten({ release: { namespace, rotationConfigMap }, statusFault, operator }: Facts): Finding[] {
  if (operator === undefined) return statusFault === undefined ? [] : [{ what: statusFault, mend: [] }];
  const deployment = `deployment/${operator.metadata.name}`;
  const mend = [`kubectl rollout restart ${deployment} -n ${namespace}`, `kubectl logs ${deployment} -n ${namespace}`];
  return [{ what: statusFault ?? `there is no ConfigMap ${rotationConfigMap}: the operator has not written its status`, mend }];
}

/** In a phase that does not end without a person. */
function halted(status: RotationStatus, release: Facts['release']): Finding[] {
  const { phase } = status;
  if (phase === 'Paused') return [{ what: 'the operator is paused: it restarts and retires nothing', mend: [own('resume', release)] }];
  if (phase !== 'Stuck' && phase !== 'Rejected' && phase !== 'Contested') return [];
  return [{ what: [`the phase is ${phase}`, ...allWaitingFor(status)].join('; '), mend: [own('status', release)] }];
}
