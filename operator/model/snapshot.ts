/**
 * Everything that deciding may know, read in one go and never changed.
 *
 *     source Secrets ───┐
 *     keyring Secret ───┤
 *     workloads ────────┼──► Snapshot ──► decide ──► actions
 *     pods ─────────────┤
 *     attestations ─────┘
 */
import type { Attestation } from '../../shared/contract/attestation.ts';
import { sourceNames, type Identity, type KeyName, type Keyring, type SourceName } from '../../shared/credential/keyring.ts';

export type Role = 'verifier' | 'presenter';
/** `live`: it follows the Secrets itself. `single`: it knows only its environment, so it has no overlap. */
export type Verify = 'live' | 'single';
export type WorkloadKind = 'Deployment' | 'DaemonSet' | 'StatefulSet';

/** Generation names by key, as the pod template or the pod carries them. */
export type Stamps = Readonly<Partial<Record<KeyName, string>>>;

/** What a pod template or a pod says about the credentials. */
export interface Reader {
  readonly reads: readonly KeyName[];
  readonly role: Role;
  readonly verify: Verify;
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
  readonly uid: string;
  readonly resourceVersion: string;
  readonly rollout: Rollout;
  /** Its owner has not opted out of restarts. */
  readonly restartable: boolean;
  /** Why its own controller will not move pods by itself. */
  readonly halted: 'paused' | 'onDelete' | 'partition' | undefined;
  /** Of its template's last restart by anyone, milliseconds since the epoch. */
  readonly restartedAt: number | undefined;
  /** Why pods could not be made at all, as the API server told the controller of a Deployment; undefined if they could. */
  readonly trouble: string | undefined;
}

export interface Pod extends Reader {
  readonly name: string;
  readonly uid: string;
  /** `Kind/name` of the workload that made it, or of any other owner, or undefined for a bare pod. */
  readonly owner: string | undefined;
  /** IP addresses, the one that it is asked at first; of a dual stack its requests may come from either. None before it has one. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** When its youngest container started, milliseconds since the epoch; undefined while none runs. */
  readonly startedAt: number | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** When its deletion should have been over, milliseconds since the epoch; undefined for one that is not being deleted. */
  readonly graceEndsAt: number | undefined;
  /** What the kubelet or the scheduler says keeps it from running, as `CrashLoopBackOff`; undefined if nothing. */
  readonly trouble: string | undefined;
}

/** What a person asks for, by annotations of the bootstrap Secret; all but `pause` name a generation. */
export interface Requests {
  readonly pause: boolean;
  /** The target that is to be given up. */
  readonly abort?: string;
  /** Whose acceptance ends at once. */
  readonly revoke?: string;
  /** The rendered generation that is to be taken as an edit. */
  readonly accept?: string;
  /** Whose retirement goes on without pods that are long past their deletion grace. */
  readonly retire?: string;
}
export const requestNames = ['abort', 'revoke', 'accept', 'retire'] as const satisfies readonly (keyof Requests)[];
export type Request = (typeof requestNames)[number];

/** A Secret that people edit. */
export interface SourceSecret {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly values: Readonly<Partial<Record<KeyName, string>>>;
  /** Field manager that last wrote the key, where the API server recorded one. */
  readonly editedBy: Readonly<Partial<Record<KeyName, string>>>;
  readonly identity: Identity;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Belongs to somebody else (`existingSecret`): never written. */
  readonly external: boolean;
  /** It carries the render mark of exactly these values. */
  readonly isBlindRender: boolean;
  /** It carries a render mark at all. */
  readonly hasRenderMark: boolean;
  /** Undefined where its field ownership is as it should be. */
  readonly ownership: Ownership | undefined;
  readonly requests: Requests;
}

/** On a Secret of the operator's own Helm release: who else owns values, and `managedFields` without that. */
export interface Ownership {
  readonly managers: readonly string[];
  readonly cleaned: readonly unknown[];
}

export interface KeyringSecret {
  readonly resourceVersion: string;
  readonly keyring: Keyring;
  /** It still says that the release has an operator of its own, as after that one handed it over. */
  readonly namesAnother?: true;
}

export interface BrokenKeyring {
  readonly resourceVersion: string;
  /** A sentence without any part of it. */
  readonly why: string;
  /** A newer version of the operator wrote it: it is whole, and not ours to replace. */
  readonly isNewer?: true;
}

/** A ready verifier's answer, or why there is none. */
export type Answer = { readonly attestation: Attestation } | { readonly failure: string };

/** By pod uid; only serving verifiers are asked. */
export interface Answers {
  get(uid: string): Answer | undefined;
  values(): Iterable<Answer>;
}

/** Nobody was asked. It remembers whether an answer was looked for: if none was, asking would change no decision. */
export class Unasked implements Answers {
  #isWanted = false;

  get isWanted(): boolean {
    return this.#isWanted;
  }

  get(): undefined {
    this.#isWanted = true;
  }

  values(): Iterable<never> {
    this.#isWanted = true;
    return [];
  }
}

/** A pod template that was given stamps. */
export interface Stamped {
  /** Of the workload. */
  readonly uid: string;
  readonly stamps: Stamps;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Snapshot {
  /** Those that exist. */
  readonly sources: Readonly<Partial<Record<SourceName, SourceSecret>>>;
  /** Since when this process has seen the others missing, milliseconds since the epoch. */
  readonly missingSince?: Readonly<Partial<Record<SourceName, number>>>;
  /** Those that do not exist and that somebody else has to make: never created. */
  readonly awaited: readonly SourceName[];
  readonly keyring: KeyringSecret | undefined;
  /** The keyring Secret exists and cannot be read. */
  readonly brokenKeyring: BrokenKeyring | undefined;
  /** The last keyring that this process knew; undefined after a restart. */
  readonly lastKeyring: Keyring | undefined;
  /** When this process last saw that the release is paused, milliseconds since the epoch. */
  readonly pausedUntil?: number | undefined;
  /** What this process has stamped since the release was last stable. */
  readonly stamped?: readonly Stamped[];
  readonly workloads: readonly Workload[];
  /** Pods that are not yet terminal and read a key; terminating ones included. */
  readonly pods: readonly Pod[];
  readonly answers: Answers;
  /** Read from the API server for this very pass, workloads before pods; otherwise from the watches. */
  readonly fresh: boolean;
}

/** Whether nothing reads the release's Secrets: it is uninstalled, or not installed yet. */
export const isUnused = ({ workloads, pods }: Snapshot): boolean => workloads.length === 0 && pods.length === 0;

/** Whether something was decided without an answer that was looked for. */
export const lacksAnswers = ({ answers }: Snapshot): boolean => answers instanceof Unasked && answers.isWanted;

/** Whether both were decided from the same versions of the Secrets. */
export function isSameRecord(left: Snapshot, right: Snapshot): boolean {
  return (
    left.keyring?.resourceVersion === right.keyring?.resourceVersion &&
    sourceNames.every((name) => left.sources[name]?.resourceVersion === right.sources[name]?.resourceVersion)
  );
}

/** One that answers for itself: ready, not on its way out, and following the Secrets. */
export const isServingVerifier = ({ role, verify, ready, terminating }: Pod): boolean =>
  role === 'verifier' && verify === 'live' && ready && !terminating;

/** Whether requests of the one may be taken for requests of the other. */
export const sharesAddress = (left: Pod, right: Pod): boolean => left.addresses.some((address) => right.addresses.includes(address));

export const workloadId = ({ kind, name }: { kind: string; name: string }): string => `${kind}/${name}`;
