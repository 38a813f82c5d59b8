/** Follows a rotation in the ConfigMap that the operator writes for people. */
import { follow } from '../../operator/cli/follow.ts';
import { speaksOf, type RotationStatus } from '../../operator/cli/status-document.ts';
import { systemClock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import type { Release } from './release.ts';

/**
 * Calls `onStatus` with every status written, and resolves with the first one that is stable and speaks of the bootstrap
 * Secret's `resourceVersion` or a later one. Rejects after `timeoutMs` with what the rotation last waited for.
 */
export function followRotation(
  client: KubeClient,
  { namespace, name }: Release,
  resourceVersion: string,
  onStatus: (status: RotationStatus) => void,
  timeoutMs = 300_000,
): Promise<RotationStatus> {
  const { signal } = new AbortController();
  const until = (status: RotationStatus) => status.phase === 'Stable' && speaksOf(status, 'bootstrap', resourceVersion);
  return follow({ client, release: { namespace, rotationConfigMap: `${name}-rotation` }, clock: systemClock, signal }, { onStatus, until, timeoutMs });
}
