/** What an edit of one key would restart, in which order, and whom nothing restarts. Pure. */
import type { KeyName } from '../../shared/credential/keyring.ts';
import { workloadId, type Workload } from '../model/snapshot.ts';
import type { Readers } from './readers.ts';

export interface RestartStep {
  readonly who: 'verifiers' | 'presenters' | 'all readers at once';
  /** `Kind/name` with the number of its pods. */
  readonly workloads: readonly { readonly workload: string; readonly pods: number }[];
}

export interface RestartPlan {
  readonly key: KeyName;
  readonly steps: readonly RestartStep[];
  /** One for each workload. */
  readonly restarts: number;
  /** Pods that read the key and that nothing restarts: the old value stays accepted until they are gone. */
  readonly leftAlone: readonly { readonly pod: string; readonly owner: string; readonly why: string }[];
  /** Requests would be rejected meanwhile. */
  readonly rejects: boolean;
  /** A sentence each: what the person should know. */
  readonly notes: readonly string[];
}

/** What is known beside the readers. */
export interface Circumstances {
  /** Those that the operator may not restart. */
  readonly refused?: readonly Workload[];
  /** Why nothing restarts for now. */
  readonly halted?: string | undefined;
}

export function planRestarts(key: KeyName, { workloads, pods }: Readers, { refused = [], halted }: Circumstances = {}): RestartPlan {
  const readers = workloads.filter(({ reads }) => reads.includes(key));
  const unfit = readers.find(({ role, verify }) => role === 'verifier' && verify === 'single');
  if (key === 'encryption-key' && unfit) return { key, steps: [], restarts: 0, leftAlone: [], rejects: false, notes: [putBackNote(unfit)] };
  const moving = readers.filter(({ restartable }) => restartable);
  const single = moving.filter(({ role, verify }) => role === 'verifier' && verify === 'single');
  const leftAlone = pods
    .filter((pod) => pod.reads.includes(key) && !moving.some((one) => workloadId(one) === pod.owner))
    .map(({ name, owner }) => ({ pod: name, owner: owner ?? 'no owner', why: whyLeftAlone(owner, readers) }));
  return {
    key,
    steps: stepsOf(key, moving, single.length > 0),
    restarts: moving.length,
    leftAlone,
    rejects: key === 'service-token' && single.length > 0,
    notes: [
      ...notesOf(key, moving, single),
      ...refusedNote(moving.filter((workload) => refused.includes(workload))),
      ...(halted === undefined ? [] : [halted]),
    ],
  };
}

const isVerifier = ({ role }: Workload): boolean => role === 'verifier';

function stepsOf(key: KeyName, moving: readonly Workload[], hasSingle: boolean): RestartStep[] {
  if (key === 'session-secret' || hasSingle) return step('all readers at once', moving);
  return [
    ...step('verifiers', moving.filter(isVerifier)),
    ...step('presenters', moving.filter((workload) => !isVerifier(workload))),
  ];
}

function step(who: RestartStep['who'], workloads: readonly Workload[]): RestartStep[] {
  const named = workloads.map((workload) => ({ workload: workloadId(workload), pods: workload.rollout.desired }));
  return named.length === 0 ? [] : [{ who, workloads: named }];
}

function whyLeftAlone(owner: string | undefined, readers: readonly Workload[]): string {
  if (owner === undefined) return 'nothing would make a new pod in its place';
  return readers.some((one) => workloadId(one) === owner) ? 'its workload has opted out of restarts' : 'its owner is not restarted';
}

function notesOf(key: KeyName, moving: readonly Workload[], single: readonly Workload[]): string[] {
  const halted = moving.flatMap((workload) =>
    workload.halted === undefined ? [] : [`${workloadId(workload)} is ${haltWords[workload.halted]}: the rotation waits until its pods are new`],
  );
  const notes = key === 'session-secret' ? ['all sessions end: people sign in again'] : [];
  if (key === 'service-token') {
    if (single.length > 0) notes.push(`${single.map(workloadId).join(', ')} knows one value at a time: requests are rejected until all readers have restarted`);
    if (!moving.some(isVerifier)) notes.push('no verifier reads the key: the rotation would wait for one');
  }
  return [...notes, ...halted];
}

const putBackNote = (workload: Workload): string =>
  `${workloadId(workload)} knows one key only and could not read what is stored: the operator puts the present key back`;

function refusedNote(refused: readonly Workload[]): string[] {
  if (refused.length === 0) return [];
  return [`the operator may not restart ${refused.map(workloadId).join(', ')}: the rotation would wait; \`kure-bootstrap doctor\` says how to let it`];
}

/** After `is`. */
export const haltWords = { paused: 'paused', onDelete: 'replacing pods only when they are deleted', partition: 'keeping the pods below its partition' } as const;
