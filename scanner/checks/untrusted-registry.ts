import type { Check } from '../finding.ts';
import { containersOf } from '../workload.ts';

const builtIn = new Set([
  'docker.io',
  'gcr.io',
  'ghcr.io',
  'quay.io',
  'registry.k8s.io',
  'mcr.microsoft.com',
  'public.ecr.aws',
]);

export const untrustedRegistry: Check = (workload, { trustedRegistries }) =>
  containersOf(workload).flatMap(({ name, image = '' }) => {
    const registry = registryOf(image);
    if (builtIn.has(registry) || trustedRegistries.has(registry)) return [];
    return {
      title: `Image from untrusted registry: ${name}`,
      severity: 'high' as const,
      category: 'Security' as const,
      // The backend reads the host out of these words.
      description: `Container '${name}' runs image '${image}' from registry '${registry}', which is not a trusted one.`,
      remediation: 'Use an image of a trusted registry, or trust this one in the Admin Panel.',
    };
  });

/** The host of an image reference, in lower case and without a port; an image without one comes from docker.io. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first.replace(/:\d+$/, '').toLowerCase() : 'docker.io';
}
