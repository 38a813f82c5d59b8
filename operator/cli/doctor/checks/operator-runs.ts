/** An operator is there and holds its Lease. */
import type { Check } from '../finding.ts';

export const operatorRuns: Check = ({ release, lease, operator, liveness, helm }) => {
  if (liveness !== 'away') return [];
  const { namespace, name } = release;
  if (operator === undefined) {
    const why = helm?.operatorEnabled === false ? 'the chart value operator.enabled is false' : 'there is no Deployment of it here';
    const upgrade = `helm upgrade ${name} <chart> -n ${namespace} --reset-then-reuse-values --set operator.enabled=true`;
    return [{ what: `no operator runs: ${why}, so an edit restarts nothing`, mend: [upgrade] }];
  }
  const deployment = operator.metadata.name;
  const logs = `kubectl logs -n ${namespace} deployment/${deployment}`;
  if ((operator.status?.availableReplicas ?? 0) > 0) {
    return [{ what: `nobody renews the Lease ${lease}, so no operator acts`, mend: [logs] }];
  }
  const mend = [`kubectl describe deployment ${deployment} -n ${namespace}`, logs];
  return [{ what: `the operator's Deployment ${deployment} has no available pod`, mend }];
};
