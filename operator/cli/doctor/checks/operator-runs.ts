/** An operator is there and holds its Lease. */
import { accountOf } from '../../release/deployment.ts';
import { upgrade, type Check } from '../finding.ts';

export const operatorRuns: Check = ({ release, lease, operator, hasAccount, liveness, helm }) => {
  if (liveness !== 'away') return [];
  const { namespace } = release;
  if (operator === undefined) {
    const why = helm?.operatorEnabled === false ? 'the chart value operator.enabled is false' : 'there is no Deployment of it here';
    return [{ what: `no operator runs: ${why}, so an edit restarts nothing`, mend: [upgrade(release, '--set operator.enabled=true')] }];
  }
  const deployment = operator.metadata.name;
  if (hasAccount === false) {
    const mend = [upgrade(release), `kubectl rollout restart deployment/${deployment} -n ${namespace}`];
    return [{ what: `the operator's ServiceAccount ${accountOf(operator)} is missing, so the API server does not let it in`, mend }];
  }
  const logs = `kubectl logs -n ${namespace} deployment/${deployment}`;
  if ((operator.status?.availableReplicas ?? 0) > 0) {
    return [{ what: `nobody renews the Lease ${lease}, so no operator acts`, mend: [logs] }];
  }
  if (operator.spec.replicas === 0) {
    return [{ what: `the operator's Deployment ${deployment} is scaled to zero`, mend: [`kubectl scale deployment ${deployment} --replicas=1 -n ${namespace}`] }];
  }
  const mend = [`kubectl describe deployment ${deployment} -n ${namespace}`, logs];
  return [{ what: `the operator's Deployment ${deployment} has no available pod`, mend }];
};
