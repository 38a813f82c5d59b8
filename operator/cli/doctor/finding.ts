/** What `doctor` says. A check is a function from facts to findings: one idea, one file. */
import type { Release } from '../../model/release.ts';
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

type Named = Pick<Release, 'name' | 'namespace'>;

/** In the folder of the project, as in its manual; what was set stays. */
export const upgrade = ({ name, namespace }: Named, ...options: readonly string[]): string =>
  [`helm upgrade ${name} ./chart -n ${namespace} --reset-then-reuse-values`, ...options].join(' ');

/** The same over what somebody has changed by hand, which Helm 4 takes for a conflict. */
export const upgradeOver = (release: Named): string[] => [upgrade(release), 'where Helm 4 finds a conflict, since somebody has edited it: the same with --force-conflicts'];

/** A command of this very program. */
export const own = (command: string, { name, namespace }: Named): string => `kure-bootstrap ${command} -n ${namespace} --release ${name}`;
