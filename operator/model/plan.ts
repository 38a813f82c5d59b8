/** What one pass has decided: what to do now, what to tell people, and when to look again. */
import type { Phase } from '../../shared/contract/phases.ts';
import type { KeyName } from '../../shared/credential/keyring.ts';
import type { Action } from './action.ts';

export interface KeyStatus {
  readonly phase: Phase;
  /** Where the rotation stands while it is paused or stuck. */
  readonly step?: Phase;
  /** What the phase waits for, a sentence each, workloads and pods by name. */
  readonly waitingFor: readonly string[];
}

export interface Plan {
  readonly actions: readonly Action[];
  /** The first of all keys' phases, in the order of `phases`. */
  readonly phase: Phase;
  readonly keys: Readonly<Partial<Record<KeyName, KeyStatus>>>;
  /** What all keys wait for. */
  readonly waitingFor: readonly string[];
  /** Milliseconds until the next look if no watch tells of anything. */
  readonly lookAgainMs: number;
}

/**
 * After an action; for what only verifiers know, so that they are asked often; for what a watch or a person tells of; and
 * where all is well.
 */
export const lookAgainMs = { acted: 500, asked: 500, told: 5_000, stable: 60_000 } as const;

/** What deciding may not make up by itself. */
export interface Draw {
  /** A name that was never used. */
  name(): string;
  /** A new value from a CSPRNG: 48 characters of [A-Za-z0-9], or a Fernet key. */
  value(key: KeyName): string;
}

export interface Settings {
  /** Milliseconds to wait after the last edit. */
  readonly debounceMs: number;
  /** Milliseconds after which the debounce ends however often the Secret is edited. */
  readonly debounceMaxMs: number;
  /** Milliseconds without any use of an older generation that stand for the proof of a pod which cannot be matched. */
  readonly silenceMs: number;
  /** Milliseconds without any progress after which a rotation is called stuck. */
  readonly rolloutDeadlineMs: number;
}

export const defaultSettings: Settings = {
  debounceMs: 2_000,
  debounceMaxMs: 30_000,
  silenceMs: 360_000,
  rolloutDeadlineMs: 600_000,
};
