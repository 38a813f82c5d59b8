/** Everything the operator can do to the cluster: a closed union. Deciding builds actions, acting carries them out. */
import type { Identity, KeyName, Keyring } from '../../shared/credential/keyring.ts';
import type { Stamps, WorkloadKind } from './snapshot.ts';

/** What people are told when the action has been carried out; never a value. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  readonly reason:
    | 'Adopted'
    | 'RotationStarted'
    | 'PutBack'
    | 'Generated'
    | 'Restarted'
    | 'Repaired'
    | 'Retired'
    | 'RotationCompleted';
  readonly message: string;
}

/** Replaces the keyring document; a compare-and-swap on `resourceVersion`, or a creation where it is undefined. */
export interface WriteKeyring {
  readonly kind: 'WriteKeyring';
  readonly resourceVersion: string | undefined;
  readonly keyring: Keyring;
  readonly notices: readonly Notice[];
}

/** Sets keys of the bootstrap Secret and leaves the others; a compare-and-swap, or a creation. */
export interface WriteBootstrap {
  readonly kind: 'WriteBootstrap';
  readonly resourceVersion: string | undefined;
  readonly values: Readonly<Partial<Record<KeyName, string>>>;
  /** For a creation; undefined where the keyring never saw the Secret. */
  readonly identity: Identity | undefined;
  readonly notices: readonly Notice[];
}

/** Restarts one workload by stamping its pod template; a compare-and-swap. */
export interface Stamp {
  readonly kind: 'Stamp';
  readonly workload: { readonly kind: WorkloadKind; readonly name: string; readonly resourceVersion: string };
  readonly stamps: Stamps;
  readonly notices: readonly Notice[];
}

/** Lets the pod's own workload make a new pod in its place; only this very pod, and only as far as its budget allows. */
export interface Evict {
  readonly kind: 'Evict';
  readonly pod: { readonly name: string; readonly uid: string };
  readonly notices: readonly Notice[];
}

/** Reads the whole cluster anew and decides again: what cannot be undone is never decided from a watch's memory. */
export interface Reread {
  readonly kind: 'Reread';
}

export type Action = WriteKeyring | WriteBootstrap | Stamp | Evict | Reread;
