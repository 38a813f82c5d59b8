/** A pod as YAML for people to read: without bookkeeping, and without the values of environment variables. */
import { dump } from 'js-yaml';
import { lastAppliedAnnotation, type KubeObject } from '../kube/objects.ts';

interface PodObject extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** `status` is kept, as far as the object has one. */
export function podManifest(pod: PodObject): string {
  const { metadata, spec, ...rest } = pod;
  const { managedFields: _, annotations, ...kept } = metadata;
  const { [lastAppliedAnnotation]: __, ...shownAnnotations } = annotations ?? {};
  return dump(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...kept, ...(Object.keys(shownAnnotations).length > 0 && { annotations: shownAnnotations }) },
      spec: redactEnvironment(spec ?? {}),
      ...rest,
    },
    { noRefs: true, lineWidth: 120 },
  );
}

interface Container {
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

function redactEnvironment(spec: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const redacted: Record<string, unknown> = { ...spec };
  for (const list of containerLists) {
    const containers = spec[list] as readonly Container[] | undefined;
    if (containers) redacted[list] = containers.map(redactContainer);
  }
  return redacted;
}

function redactContainer(container: Container): Container {
  if (!container.env) return container;
  const env = container.env.map((entry) => (entry.value ? { ...entry, value: '[redacted]' } : entry));
  return { ...container, env };
}
