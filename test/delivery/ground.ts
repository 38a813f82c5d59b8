/** Where the pods of a release run, and how one can see into them. */
import type { PodObject } from '../scale/harness/pod-object.ts';

export interface StartedPod {
  readonly uid: string;
  readonly serviceToken: string;
}

export interface Inside {
  /** A sentence for each living pod that was refused. */
  readonly refusals: { readonly length: number };
  /** What pods started with, where that can be seen. */
  readonly started: readonly StartedPod[];
  /** Is called again and again. */
  look?(): Promise<void>;
  /** Which serving verifiers accept this token, by pod. */
  accepting(serviceToken: string): Promise<string[]>;
}

export interface Ground {
  readonly inside: Inside;
  /** Before anything is delivered; the namespace is there. */
  prepare(): Promise<void>;
  /** Of the chart. */
  values(revision: number): object;
  saw?(pod: PodObject, isGone: boolean): void;
  /** What the operator said, as far as it is known. */
  said(): Promise<string>;
  close(): Promise<void>;
}
