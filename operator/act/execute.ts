/** Carries a plan's actions out, in order, and never chooses. One that fails does not hold back the others. */
import { askedRestMs, KubeError, remedyFor } from '../../shared/kube/kube-error.ts';
import { objectPath } from '../../shared/kube/objects.ts';
import type { Action, Evict, Notice, Stamp } from '../model/action.ts';
import { annotationPrefix, workloadCollections } from '../model/names.ts';
import { workloadId } from '../model/snapshot.ts';
import { disown, writeKeyring, writeSource, type Destination } from './secrets.ts';

export interface Outcome {
  readonly action: Action;
  /** Undefined: it was carried out. */
  readonly error?: unknown;
}

/** Whether somebody else was first: wrote, or deleted what was to be restarted or evicted. The next pass decides on what they left. */
export function isOvertaken({ action, error }: Outcome): boolean {
  const remedy = error === undefined ? undefined : remedyFor(error);
  return remedy === 'conflict' || (remedy === 'missing' && (action.kind === 'Stamp' || action.kind === 'Evict'));
}

/** Milliseconds that a busy API server asks to be left alone for. What a disruption budget asks for is about its own pods. */
export const askedRestMsOf = (outcomes: readonly Outcome[]): number =>
  Math.max(0, ...outcomes.filter(({ action }) => action.kind !== 'Evict').map(({ error }) => askedRestMs(error)));

/** Once the signal is aborted nothing more is written. */
export async function execute(actions: readonly Action[], to: Destination, now: number, signal: AbortSignal): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const batch of batchesOf(actions)) {
    if (signal.aborted) break;
    outcomes.push(...(await Promise.all(batch.map((action) => outcomeOf(action, to, now)))));
  }
  return outcomes;
}

export const noticesOf = (action: Action): readonly Notice[] => (action.kind === 'Reread' ? [] : action.notices);

/** Stamps that follow one another are of different workloads and may go together; everything else goes alone. */
function batchesOf(actions: readonly Action[]): Action[][] {
  const batches: Action[][] = [];
  for (const action of actions) {
    const last = batches.at(-1);
    if (action.kind === 'Stamp' && last?.[0]?.kind === 'Stamp') last.push(action);
    else batches.push([action]);
  }
  return batches;
}

async function outcomeOf(action: Action, to: Destination, now: number): Promise<Outcome> {
  try {
    await carryOut(action, to, now);
    return { action };
  } catch (error) {
    return { action, error };
  }
}

async function carryOut(action: Action, to: Destination, now: number): Promise<void> {
  switch (action.kind) {
    case 'WriteKeyring':
      return writeKeyring(action, to);
    case 'WriteSource':
      return writeSource(action, to);
    case 'Disown':
      return disown(action, to);
    case 'Stamp':
      return stamp(action, to, now);
    case 'Evict':
      return evict(action, to);
    case 'Reread':
      throw new Error('a fresh read is made before anything is carried out');
  }
}

/** The same patch as `kubectl rollout restart`, and the stamps; the resourceVersion makes it happen once. */
async function stamp({ workload, stamps, isRepeated }: Stamp, { client, release }: Destination, now: number): Promise<void> {
  const { kind, name, resourceVersion } = workload;
  const marks = Object.fromEntries(Object.entries(stamps).map(([key, generation]) => [annotationPrefix + key, generation]));
  const annotations = { ...marks, ...(!isRepeated && { 'kubectl.kubernetes.io/restartedAt': new Date(now).toISOString() }) };
  const patched = await client.patch<Patched>(objectPath(workloadCollections[kind], release.namespace, name), 'merge', {
    metadata: { resourceVersion },
    spec: { template: { metadata: { annotations } } },
  });
  const written = patched.spec.template.metadata?.annotations ?? {};
  const lost = Object.keys(marks).filter((mark) => written[mark] !== marks[mark]);
  if (lost.length > 0) throw stampLost(workloadId(workload), lost);
}

/** What a write says of the template, when everybody on the way in has changed it. */
interface Patched {
  readonly spec: { readonly template: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } } };
}

const stampLost = (workload: string, lost: readonly string[]): KubeError =>
  new KubeError(
    `${workload}: the annotation ${lost.join(' and ')} of the pod template was taken away as it was written: have the admission webhook that changes the workload let it through`,
    422,
    'StampLost',
  );

async function evict({ pod }: Evict, { client, release: { namespace } }: Destination): Promise<void> {
  const { name, uid } = pod;
  await client.create(`${objectPath('pods', namespace, name)}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  });
}
