/** The operator has written its status, and nothing in it asks for a person. */
import type { Check } from '../finding.ts';

export const statusIsCurrent: Check = ({ status, release, operator, bootstrap }) => {
  const { namespace, rotationConfigMap } = release;
  if (status === undefined) {
    return operator === undefined ? [] : [{ what: `there is no ConfigMap ${rotationConfigMap}: the operator has not written its status`, mend: [`kubectl logs -n ${namespace} deployment/${operator.metadata.name}`] }];
  }
  const failures = status.failures.map((failure) => ({ what: failure, mend: [`kure-bootstrap status -n ${namespace}`] }));
  const isBehind = bootstrap !== undefined && status.phase === 'Stable' && status.sources.bootstrap !== bootstrap.resourceVersion;
  return isBehind
    ? [...failures, { what: `the status says Stable of an older version of the Secret ${bootstrap.name}: the operator has not looked at the present one`, mend: [`kure-bootstrap status --watch -n ${namespace}`] }]
    : failures;
};
