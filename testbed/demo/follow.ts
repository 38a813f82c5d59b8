/** Follows a rotation in the ConfigMap that the operator writes for people. */
import { systemClock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath, type KubeObject } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import { compareResourceVersions } from '../../shared/resource-version.ts';
import type { Release } from './release.ts';

export interface RotationStatus {
  readonly phase: string;
  readonly bootstrapResourceVersion: string;
  readonly keys: Readonly<Record<string, { readonly phase: string; readonly target: string; readonly waitingFor: readonly string[] }>>;
  readonly workloads: readonly { readonly workload: string; readonly old: number; readonly new: number; readonly ready: number; readonly holders: readonly string[] }[];
}

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Calls `onStatus` with every status written, and resolves with the first one that is stable and speaks of the bootstrap
 * Secret's `resourceVersion` or a later one. Rejects after `timeoutMs` with what the rotation last waited for.
 */
export async function followRotation(
  client: KubeClient,
  release: Release,
  resourceVersion: string,
  onStatus: (status: RotationStatus) => void,
  timeoutMs = 300_000,
): Promise<RotationStatus> {
  const stable = Promise.withResolvers<RotationStatus>();
  let last: RotationStatus | undefined;
  const reflector = new Reflector<ConfigMap>({
    client,
    path: collectionPath('configmaps', release.namespace),
    fieldSelector: `metadata.name=${release.name}-rotation`,
    clock: systemClock,
    log: createLogger('demo', 'silent'),
    onChange: ({ type, object }) => {
      if (type === 'deleted') return;
      last = statusOf(object);
      onStatus(last);
      const isCurrent = compareResourceVersions(last.bootstrapResourceVersion, resourceVersion) >= 0;
      if (isCurrent && last.phase === 'Stable') stable.resolve(last);
    },
  });
  reflector.start();
  const timer = setTimeout(() => {
    const waitingFor = Object.values(last?.keys ?? {}).flatMap((key) => key.waitingFor);
    stable.reject(new Error(`the rotation is still in ${last?.phase ?? 'no phase'}, waiting for ${waitingFor.join('; ')}`));
  }, timeoutMs);
  try {
    return await stable.promise;
  } finally {
    clearTimeout(timer);
    await reflector.stop();
  }
}

function statusOf({ data = {} }: ConfigMap): RotationStatus {
  const status = JSON.parse(data['status.json'] ?? '{}') as Pick<RotationStatus, 'keys' | 'workloads'>;
  return { ...status, phase: data['phase'] ?? '', bootstrapResourceVersion: data['bootstrapResourceVersion'] ?? '0' };
}
