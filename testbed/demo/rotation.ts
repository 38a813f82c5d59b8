/** One rotation under traffic, measured from the outside. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RotationStatus } from '../../operator/cli/status-document.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { difference, tally, waitForAccepted, type Tally } from './counts.ts';
import { editSecret, type Edit } from './edit.ts';
import { followRotation } from './follow.ts';
import type { Release } from './release.ts';
import { generations, restartsBetween, type Generations } from './restarts.ts';

export interface Measured {
  /** From the edit to the status that says it is done. */
  readonly seconds: number;
  readonly tally: Tally;
  /** By `Kind/name`, of every workload of the namespace. */
  readonly restarts: Generations;
}

export interface Watcher {
  /** Each status as it comes, with the seconds since the edit. */
  onStatus(status: RotationStatus, seconds: number): void;
  /** Right after the edit, before anything has restarted. */
  onEdit?(edit: Edit): Promise<void>;
}

/** Milliseconds of traffic after the end, so that a late rejection would be counted, too. */
const aftermathMs = 3_000;

export async function measureRotation(
  client: KubeClient,
  release: Release,
  keys: readonly string[],
  watcher: Watcher,
): Promise<Measured> {
  await waitForAccepted(release, 50);
  const before = { tally: await tally(release), generations: await generations(release) };
  const edit = await editSecret(release, keys);
  const seconds = () => (Date.now() - edit.at) / 1000;
  const onStatus = (status: RotationStatus) => watcher.onStatus(status, seconds());
  const [took] = await Promise.all([
    followRotation(client, release, edit.resourceVersion, onStatus).then(seconds),
    watcher.onEdit?.(edit),
  ]);
  await sleep(aftermathMs);
  return {
    seconds: took,
    tally: difference(await tally(release), before.tally),
    restarts: restartsBetween(before.generations, await generations(release)),
  };
}
