/** Everything the operator can do to the cluster: a closed union. Deciding builds actions, acting carries them out. */
import type { Identity, KeyName, Keyring, SourceName } from '../../shared/credential/keyring.ts';
import type { Ownership, Request, Stamps, Workload } from './snapshot.ts';

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
    | 'RotationCompleted'
    | 'Contested'
    | 'Revoked'
    | 'Aborted'
    | 'Refused'
    | 'KeyringRestored';
  readonly message: string;
}

/** Replaces the keyring document; a compare-and-swap on `resourceVersion`, or a creation where it is undefined. */
export interface WriteKeyring {
  readonly kind: 'WriteKeyring';
  readonly resourceVersion: string | undefined;
  readonly keyring: Keyring;
  readonly notices: readonly Notice[];
}

/** Sets keys of a source Secret and leaves the others; a compare-and-swap, or a creation. */
export interface WriteSource {
  readonly kind: 'WriteSource';
  readonly source: SourceName;
  readonly resourceVersion: string | undefined;
  readonly values: Readonly<Partial<Record<KeyName, string>>>;
  /** Requests that this write carries out, or that name nothing any more: their annotations go. */
  readonly consumed: readonly Request[];
  /** The render mark goes, too. */
  readonly dropsMark: boolean;
  /** For a creation; undefined where the keyring never saw the Secret. */
  readonly identity: Identity | undefined;
  readonly notices: readonly Notice[];
}

/** Restarts one workload by stamping its pod template; a compare-and-swap. */
export interface Stamp {
  readonly kind: 'Stamp';
  readonly workload: Pick<Workload, 'kind' | 'name' | 'uid' | 'resourceVersion'>;
  readonly stamps: Stamps;
  /**
   * The template says that it was restarted since the targets were recorded, and lacks the stamps all the same: only these are
   * set, so that whatever takes them away again does not make it restart over and over.
   */
  readonly isRepeated?: true;
  readonly notices: readonly Notice[];
}

/** Lets the pod's own workload make a new pod in its place; only this very pod, and only as far as its budget allows. */
export interface Evict {
  readonly kind: 'Evict';
  readonly pod: { readonly name: string; readonly uid: string };
  readonly notices: readonly Notice[];
}

/** Gives the values of a Secret back to Helm alone, so that a rollback over an edit meets no conflict; a compare-and-swap. */
export interface Disown {
  readonly kind: 'Disown';
  readonly source: SourceName;
  readonly resourceVersion: string;
  readonly ownership: Ownership;
  readonly notices: readonly Notice[];
}

/** Reads the whole cluster anew and decides again: what cannot be undone is never decided from a watch's memory. */
export interface Reread {
  readonly kind: 'Reread';
}

export type Action = WriteKeyring | WriteSource | Disown | Stamp | Evict | Reread;
