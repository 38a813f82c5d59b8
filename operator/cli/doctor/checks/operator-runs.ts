/** An operator is there and holds its Lease. */
import { isFresh } from '../../target/liveness.ts';
import type { Check } from '../finding.ts';

export const operatorRuns: Check = ({ target, operator, lease, helm, now }) => {
  const { namespace, name } = target.release;
  const upgrade = `helm upgrade ${name} <chart> -n ${namespace} --reuse-values --set operator.enabled=true`;
  if (lease && isFresh(lease, now)) return [];
  if (lease?.spec?.holderIdentity) {
    return [{ what: `the Lease ${target.lease} is held by ${lease.spec.holderIdentity}, which has not renewed it since ${lease.spec.renewTime}`, mend: [logs(namespace, name)] }];
  }
  if (operator === undefined) {
    const why = helm?.operatorEnabled === false ? 'the chart value operator.enabled is false' : 'there is no Deployment of it here';
    return [{ what: `no operator runs: ${why}, so an edit restarts nothing`, mend: [upgrade] }];
  }
  if ((operator.status?.availableReplicas ?? 0) > 0) return [];
  return [{ what: `the operator's Deployment ${operator.metadata.name} has no available pod`, mend: [`kubectl describe deployment ${operator.metadata.name} -n ${namespace}`, logs(namespace, name)] }];
};

const logs = (namespace: string, name: string): string =>
  `kubectl logs -n ${namespace} -l app.kubernetes.io/instance=${name},app.kubernetes.io/component=operator`;
