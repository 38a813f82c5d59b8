import type { Check } from '../finding.ts';
import { containersOf } from '../workload.ts';

export const privilegedContainer: Check = (workload) =>
  containersOf(workload)
    .filter(({ securityContext }) => securityContext?.privileged === true)
    .map(({ name }) => ({
      title: `Privileged container: ${name}`,
      severity: 'critical',
      category: 'Security',
      description: `Container '${name}' runs privileged: it sees all devices of its node and is as good as root there.`,
      remediation: "Remove 'privileged: true' from its securityContext and add only the capabilities that it needs.",
    }));
