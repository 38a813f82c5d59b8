import type { Check } from '../finding.ts';
import { containersOf } from '../workload.ts';

/** A container's own setting goes before the pod's, as the kubelet reads them. */
export const runsAsRoot: Check = (workload) =>
  containersOf(workload).flatMap(({ name, securityContext: own }) => {
    const { runAsUser, runAsNonRoot } = { ...workload.spec?.securityContext, ...own };
    if (runAsUser === 0) {
      return {
        title: `Container runs as root (UID 0): ${name}`,
        severity: 'high' as const,
        category: 'Security' as const,
        description: `Container '${name}' runs as user 0: whoever breaks out of it is root on the node.`,
        remediation: "Set 'runAsUser' to a number above 0 and 'runAsNonRoot: true'.",
      };
    }
    if (runAsNonRoot === true || runAsUser !== undefined) return [];
    return {
      title: `Container may run as root: ${name}`,
      severity: 'medium' as const,
      category: 'Security' as const,
      description: `Nothing keeps container '${name}' from running as root: the image decides.`,
      remediation: "Set 'runAsNonRoot: true' in the securityContext of the container or the pod.",
    };
  });
