/** What `doctor` says. A check is a function from facts to findings: one idea, one file. */
import type { Facts } from './facts.ts';

export interface Finding {
  /** A sentence; never a value. */
  readonly what: string;
  /** The command, or the lines of configuration, that mend it. */
  readonly mend: readonly string[];
  /** Good to know, and nothing is wrong: it does not change the exit code. */
  readonly isHint?: true;
}

export type Check = (facts: Facts) => readonly Finding[];
