/** Carries a plan's actions out, in order, and never chooses. One that fails does not hold back the others. */
import type { KubeClient } from '../../shared/kube/client.ts';
import { keyringEntry, serializeKeyring, type Identity } from '../../shared/credential/keyring.ts';
import { collectionPath, encodeEntry, objectPath } from '../../shared/kube/objects.ts';
import type { Action, Evict, Notice, Stamp, WriteBootstrap, WriteKeyring } from '../model/action.ts';
import { annotationPrefix, ownLabels, workloadCollections } from '../model/names.ts';

export interface Targets {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly release: string;
  readonly bootstrapSecret: string;
  readonly keyringSecret: string;
}

export interface Outcome {
  readonly action: Action;
  /** Undefined: it was carried out. */
  readonly error?: unknown;
}

/** Once the signal is aborted nothing more is written. */
export async function execute(
  actions: readonly Action[],
  targets: Targets,
  now: number,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const action of actions) {
    if (signal.aborted) break;
    try {
      await carryOut(action, targets, now);
      outcomes.push({ action });
    } catch (error) {
      outcomes.push({ action, error });
    }
  }
  return outcomes;
}

export const noticesOf = (action: Action): readonly Notice[] => (action.kind === 'Reread' ? [] : action.notices);

async function carryOut(action: Action, targets: Targets, now: number): Promise<void> {
  switch (action.kind) {
    case 'WriteKeyring':
      return writeKeyring(action, targets);
    case 'WriteBootstrap':
      return writeBootstrap(action, targets);
    case 'Stamp':
      return stamp(action, targets, now);
    case 'Evict':
      return evict(action, targets);
    case 'Reread':
      throw new Error('a fresh read is made before anything is carried out');
  }
}

async function writeKeyring({ resourceVersion, keyring }: WriteKeyring, targets: Targets): Promise<void> {
  const { keyringSecret: name } = targets;
  const data = { [keyringEntry]: encodeEntry(serializeKeyring(keyring)) };
  await writeSecret(name, resourceVersion, data, targets);
}

async function writeBootstrap(action: WriteBootstrap, targets: Targets): Promise<void> {
  const { resourceVersion, values, identity } = action;
  const { bootstrapSecret: name } = targets;
  const data = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encodeEntry(value)]));
  await writeSecret(name, resourceVersion, data, targets, identity);
}

/** Merges `data` into the Secret if it still has that version; without a version the Secret is created. */
async function writeSecret(
  name: string,
  resourceVersion: string | undefined,
  data: Readonly<Record<string, string>>,
  { client, namespace, release }: Targets,
  identity: Identity = { type: 'Opaque', labels: ownLabels(release), annotations: {} },
): Promise<void> {
  if (resourceVersion !== undefined) {
    await client.patch(objectPath('secrets', namespace, name), 'merge', { metadata: { resourceVersion }, data });
    return;
  }
  const { type, labels, annotations } = identity;
  const body = { apiVersion: 'v1', kind: 'Secret', type, metadata: { name, labels, annotations }, data };
  await client.create(collectionPath('secrets', namespace), body);
}

/** The same patch as `kubectl rollout restart`, and the stamps; the resourceVersion makes it happen once. */
async function stamp({ workload, stamps }: Stamp, { client, namespace }: Targets, now: number): Promise<void> {
  const { kind, name, resourceVersion } = workload;
  const annotations = {
    ...Object.fromEntries(Object.entries(stamps).map(([key, generation]) => [annotationPrefix + key, generation])),
    'kubectl.kubernetes.io/restartedAt': new Date(now).toISOString(),
  };
  await client.patch(objectPath(workloadCollections[kind], namespace, name), 'merge', {
    metadata: { resourceVersion },
    spec: { template: { metadata: { annotations } } },
  });
}

async function evict({ pod }: Evict, { client, namespace }: Targets): Promise<void> {
  const { name, uid } = pod;
  await client.create(`${objectPath('pods', namespace, name)}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  });
}
