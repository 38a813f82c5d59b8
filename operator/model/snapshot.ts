/**
 * Everything that deciding may know, read in one go and never changed.
 *
 *     bootstrap Secret ─┐
 *     keyring Secret ───┤
 *     workloads ────────┼──► Snapshot ──► decide ──► actions
 *     pods ─────────────┤
 *     attestations ─────┘
 */
import type { Attestation } from '../../shared/contract/attestation.ts';
import type { Identity, KeyName, Keyring } from '../../shared/credential/keyring.ts';

export type Role = 'verifier' | 'presenter';
export type WorkloadKind = 'Deployment' | 'DaemonSet' | 'StatefulSet';

/** Generation names by key, as the pod template or the pod carries them. */
export type Stamps = Readonly<Partial<Record<KeyName, string>>>;

/** What a pod template or a pod says about the credentials. */
export interface Reader {
  readonly reads: readonly KeyName[];
  readonly role: Role;
  readonly stamps: Stamps;
}

/** What the workload's controller reports. Counts are pods. */
export interface Rollout {
  /** The controller has seen the newest template. */
  readonly observed: boolean;
  readonly desired: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** Pods of any template, terminating ones not counted. */
  readonly total: number;
  readonly available: number;
  /** How many of the desired pods may be unavailable by the workload's own strategy. */
  readonly budget: number;
}

export interface Workload extends Reader {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly resourceVersion: string;
  readonly rollout: Rollout;
}

export interface Pod extends Reader {
  readonly name: string;
  readonly uid: string;
  /** `Kind/name` of the workload that made it, or of any other owner, or undefined for a bare pod. */
  readonly owner: string | undefined;
  readonly ip: string | undefined;
  readonly port: number;
  /** When its youngest container started, milliseconds since the epoch; undefined while none runs. */
  readonly startedAt: number | undefined;
  readonly ready: boolean;
  readonly terminating: boolean;
}

export interface BootstrapSecret {
  readonly resourceVersion: string;
  readonly values: Readonly<Partial<Record<KeyName, string>>>;
  /** Field manager that last wrote the key, where the API server recorded one. */
  readonly editedBy: Readonly<Partial<Record<KeyName, string>>>;
  readonly identity: Identity;
}

export interface KeyringSecret {
  readonly resourceVersion: string;
  readonly keyring: Keyring;
}

/** A ready verifier's answer, or why there is none. */
export type Answer = { readonly attestation: Attestation } | { readonly failure: string };

export interface Snapshot {
  /** Undefined: the Secret does not exist. */
  readonly bootstrap: BootstrapSecret | undefined;
  readonly keyring: KeyringSecret | undefined;
  readonly workloads: readonly Workload[];
  /** Pods that are not yet terminal and read a key; terminating ones included. */
  readonly pods: readonly Pod[];
  /** By pod uid; only ready verifier pods are asked, and only while a rotation runs. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Read from the API server for this very pass, workloads before pods; otherwise from the watches. */
  readonly fresh: boolean;
}

/** Whether both were decided from the same versions of the two Secrets. */
export function isSameRecord(left: Snapshot, right: Snapshot): boolean {
  return (
    left.bootstrap?.resourceVersion === right.bootstrap?.resourceVersion &&
    left.keyring?.resourceVersion === right.keyring?.resourceVersion
  );
}

export const workloadId = ({ kind, name }: { kind: string; name: string }): string => `${kind}/${name}`;
