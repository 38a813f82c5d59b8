/** What a scanner reports from the same cluster. */
import type { FindingReport } from '../../../shared/contract/security.ts';

interface Kind {
  readonly title: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  readonly category: string;
  readonly description: string;
  readonly remediation: string;
}

const kinds: readonly Kind[] = [
  {
    title: 'Privileged container',
    severity: 'critical',
    category: 'Security',
    description: 'The container runs privileged: it sees all devices of its node and is as good as root there.',
    remediation: "Remove 'privileged: true' from its securityContext and add only the capabilities that it needs.",
  },
  {
    title: 'Container runs as root (UID 0)',
    severity: 'high',
    category: 'Security',
    description: 'The container runs as user 0: whoever breaks out of it is root on the node.',
    remediation: "Set 'runAsUser' to a number above 0 and 'runAsNonRoot: true'.",
  },
  {
    title: 'Image from untrusted registry',
    severity: 'medium',
    category: 'Security',
    description: "The container runs an image from registry 'mirror.example.net', which is not a trusted one.",
    remediation: 'Use an image of a trusted registry, or trust this one in the Admin Panel.',
  },
  {
    title: 'Container may run as root',
    severity: 'medium',
    category: 'Security',
    description: 'Nothing keeps the container from running as root: the image decides.',
    remediation: "Set 'runAsNonRoot: true' in the securityContext of the container or the pod.",
  },
  {
    title: 'No memory limit',
    severity: 'low',
    category: 'Best Practice',
    description: 'The container may use all memory of its node.',
    remediation: 'Set resources.limits.memory.',
  },
];

const containers = ['web', 'worker', 'proxy', 'migrate', 'exporter'];
const namespaces = ['shop', 'payments', 'search', 'mail', 'data', 'platform'];

/** The same for the same index, and different from all others; `now` in milliseconds since 1970. */
export function finding(index: number, now: number): FindingReport {
  const { title, ...kind } = kinds[index % kinds.length]!;
  const container = containers[Math.floor(index / kinds.length) % containers.length]!;
  const resource = `${container}-${String(index).padStart(5, '0')}`;
  return {
    resource_type: 'Pod',
    resource_name: resource,
    namespace: namespaces[index % namespaces.length]!,
    ...kind,
    title: `${title}: ${container}`,
    timestamp: new Date(now - index * 20_000).toISOString(),
    manifest: `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${resource}\nspec:\n  containers:\n    - name: ${container}\n`,
  };
}
