/** Presenters come through a Service: without a pod behind it none can use a new value. */
import { upgradeOver, type Check } from '../finding.ts';

export const services: Check = ({ deadEnds, release }) =>
  deadEnds.map((name) => ({
    what: `the Service ${name} leads to no ready pod, so presenters reach no verifier`,
    mend: [`kubectl describe service ${name} -n ${release.namespace}`, ...upgradeOver(release)],
  }));
