/** Writes the ConfigMap that people read. The operator never reads it back: what is true is computed on every pass. */
import type { KubeClient } from '../../shared/kube/client.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath } from '../../shared/kube/objects.ts';
import { isRotating, keyNames } from '../../shared/credential/keyring.ts';
import { ownLabels } from '../model/names.ts';
import type { Plan } from '../model/plan.ts';
import { workloadId, type Snapshot } from '../model/snapshot.ts';
import type { Outcome } from './execute.ts';

export interface StatusTargets {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly release: string;
  readonly rotationConfigMap: string;
}

export class StatusWriter {
  readonly #targets: StatusTargets;
  #written: string | undefined;

  constructor(targets: StatusTargets) {
    this.#targets = targets;
  }

  /** Writes if anything but the time has changed since the last write. */
  async write(snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[], now: number): Promise<void> {
    const data = {
      phase: plan.phase,
      bootstrapResourceVersion: snapshot.bootstrap?.resourceVersion ?? '',
      'status.json': JSON.stringify(statusOf(snapshot, plan, outcomes), undefined, 2),
    };
    const content = JSON.stringify(data);
    if (content === this.#written) return;
    await this.#put({ ...data, writtenAt: new Date(now).toISOString() });
    this.#written = content;
  }

  async #put(data: Readonly<Record<string, string>>): Promise<void> {
    const { client, namespace, release, rotationConfigMap: name } = this.#targets;
    try {
      await client.patch(objectPath('configmaps', namespace, name), 'merge', { data });
    } catch (error) {
      if (remedyFor(error) !== 'missing') throw error;
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: ownLabels(release) }, data };
      await client.create(collectionPath('configmaps', namespace), body);
    }
  }
}

/** Names, counts and times only; no value and nothing made from one. */
function statusOf(snapshot: Snapshot, plan: Plan, outcomes: readonly Outcome[]) {
  const records = snapshot.keyring?.keyring.keys ?? {};
  const keys = keyNames.flatMap((key) => {
    const record = records[key];
    if (!record) return [];
    const generations = record.accepted.map(({ value: _value, ...publicPart }) => publicPart);
    const retired = record.retired.map(({ name, retiredAt }) => ({ name, retiredAt }));
    const { target, committed } = record;
    return [[key, { ...plan.keys[key], target, committed, accepted: generations, retired }] as const];
  });
  return {
    phase: plan.phase,
    // Somebody else writing first is no failure: the next pass decides on what they wrote.
    failures: outcomes.filter(({ error }) => error !== undefined && remedyFor(error) !== 'conflict').map(describeFailure),
    keys: Object.fromEntries(keys),
    workloads: snapshot.workloads.map((workload) => workloadStatus(workload, snapshot)),
    history: snapshot.keyring?.keyring.history ?? [],
  };
}

const describeFailure = ({ action, error }: Outcome): string => `${action.kind} failed: ${(error as Error).message}`;

function workloadStatus(workload: Snapshot['workloads'][number], { pods, keyring }: Snapshot) {
  const id = workloadId(workload);
  const own = pods.filter(({ owner }) => owner === id);
  const isNew = ({ reads, stamps }: (typeof own)[number]) =>
    reads.every((key) => {
      const record = keyring?.keyring.keys[key];
      return !record || !isRotating(record) || stamps[key] === record.target;
    });
  const old = own.filter((pod) => !isNew(pod));
  return {
    workload: id,
    role: workload.role,
    reads: workload.reads,
    old: old.length,
    new: own.length - old.length,
    ready: own.filter(({ ready, terminating }) => ready && !terminating).length,
    holders: old.map(({ name }) => name),
  };
}
