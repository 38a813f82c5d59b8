/** What the status says: names, counts and times; no value and nothing made from one. Pure. */
import type { Phase } from '../../shared/contract/phases.ts';
import {
  keyNames,
  type Generation,
  type HistoryEntry,
  type KeyName,
  type RetiredGeneration,
} from '../../shared/credential/keyring.ts';
import type { KeyStatus, Plan } from '../model/plan.ts';
import { workloadId, type Pod, type Requests, type Role, type Snapshot, type Workload } from '../model/snapshot.ts';
import type { Told } from './told.ts';

/** The entry `status.json`. */
export interface StatusDocument {
  readonly phase: Phase;
  readonly failures: readonly string[];
  /** What all keys wait for, a sentence each. */
  readonly waitingFor: readonly string[];
  /** What people have asked for and is not carried out yet. */
  readonly requests: Partial<Requests>;
  readonly keys: Readonly<Partial<Record<KeyName, KeyDocument>>>;
  readonly workloads: readonly WorkloadDocument[];
  /** Holders of an older value that belong to none of the workloads; the first of many. */
  readonly otherHolders: readonly OtherHolder[];
  /** How many more of them there are. */
  readonly moreHolders: number;
  /** Newest last, at most 20. */
  readonly history: readonly HistoryEntry[];
}

interface KeyDocument extends Partial<KeyStatus> {
  /** When this process first saw the phase, RFC 3339. */
  readonly since?: string;
  readonly target: string;
  readonly committed: string;
  /** Oldest first. */
  readonly accepted: readonly Omit<Generation, 'value'>[];
  readonly retired: readonly Omit<RetiredGeneration, 'value'>[];
}

interface WorkloadDocument {
  /** `Kind/name`. */
  readonly workload: string;
  readonly role: Role;
  readonly reads: readonly KeyName[];
  /** Pods. */
  readonly old: number;
  readonly new: number;
  readonly ready: number;
  readonly desired: number;
  /** The old pods' names; of many the first. */
  readonly holders: readonly string[];
}

interface OtherHolder {
  /** Its name. */
  readonly pod: string;
  /** `Kind/name`; null where nothing would make a new pod in its place. */
  readonly owner: string | null;
  readonly reads: readonly KeyName[];
}

/** So many pods and sentences of one kind are said: all of those of thousands of nodes would exceed the 1 MiB of a ConfigMap. */
const maxSaid = 100;

/** When each key's phase began, RFC 3339. */
export type Since = Readonly<Partial<Record<KeyName, string>>>;

export function statusDocument(snapshot: Snapshot, plan: Plan, { phase, failures }: Told, since: Since): StatusDocument {
  const { keyring, sources, workloads } = snapshot;
  const keys = keyNames.flatMap((key) => {
    const document = keyDocument(key, snapshot, plan, since);
    return document ? [[key, document] as const] : [];
  });
  const others = otherHolders(snapshot);
  return {
    phase,
    failures,
    waitingFor: [...plan.waitingFor, ...unrecorded(snapshot, plan)],
    requests: sources.bootstrap?.requests ?? {},
    keys: Object.fromEntries(keys),
    workloads: workloads.map((workload) => workloadDocument(workload, snapshot)),
    otherHolders: others.slice(0, maxSaid),
    moreHolders: Math.max(0, others.length - maxSaid),
    history: keyring?.keyring.history ?? [],
  };
}

/** What keys wait for that have no document: a Secret of somebody else that never was there. */
const unrecorded = ({ keyring }: Snapshot, { keys }: Plan): string[] =>
  keyNames.filter((key) => !keyring?.keyring.keys[key]).flatMap((key) => keys[key]?.waitingFor ?? []);

function keyDocument(key: KeyName, { keyring }: Snapshot, plan: Plan, since: Since): KeyDocument | undefined {
  const record = keyring?.keyring.keys[key];
  if (!record) return undefined;
  const { target, committed, accepted, retired } = record;
  const status = plan.keys[key];
  return {
    ...(status && { ...status, waitingFor: firstOf(status.waitingFor) }),
    ...(since[key] !== undefined && { since: since[key] }),
    target,
    committed,
    accepted: accepted.map(({ value: _value, ...publicPart }) => publicPart),
    retired: retired.map(({ value: _value, ...publicPart }) => publicPart),
  };
}

function workloadDocument(workload: Workload, snapshot: Snapshot): WorkloadDocument {
  const id = workloadId(workload);
  const own = snapshot.pods.filter(({ owner }) => owner === id);
  const old = own.filter((pod) => !isNew(pod, snapshot));
  return {
    workload: id,
    role: workload.role,
    reads: workload.reads,
    old: old.length,
    new: own.length - old.length,
    ready: own.filter(({ ready, terminating }) => ready && !terminating).length,
    desired: workload.rollout.desired,
    holders: old.slice(0, maxSaid).map(({ name }) => name),
  };
}

function firstOf(sentences: readonly string[]): readonly string[] {
  const more = sentences.length - maxSaid;
  return more > 0 ? [...sentences.slice(0, maxSaid), `${more} more`] : sentences;
}

function otherHolders(snapshot: Snapshot): OtherHolder[] {
  const workloads = new Set(snapshot.workloads.map(workloadId));
  const others = snapshot.pods.filter((pod) => !isNew(pod, snapshot) && (pod.owner === undefined || !workloads.has(pod.owner)));
  return others.map(({ name, owner = null, reads }) => ({ pod: name, owner, reads }));
}

/** Outside of a rotation, be it contested or not, every pod holds what it should, stamped or not. */
function isNew({ reads, stamps }: Pod, { keyring }: Snapshot): boolean {
  return reads.every((key) => {
    const record = keyring?.keyring.keys[key];
    return !record || record.target === record.committed || stamps[key] === record.target;
  });
}
