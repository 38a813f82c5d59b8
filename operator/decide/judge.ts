/**
 * What to make of a value in a source Secret that is not the target's: an ordered list of rules, first hit wins.
 * Model: cert-manager's policy chain (internal/controller/certificates/policies).
 */
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import { whyInvalid } from '../../shared/credential/validation.ts';

export type Judgement =
  /** A person's edit, or their undo of one: becomes the target under a new name. */
  | { readonly verdict: 'edit' }
  /** A renderer that could not see the cluster made it up: is accepted, and does not stay. */
  | { readonly verdict: 'rendered' }
  /** It was made up and is accepted: the target goes back, later each time. */
  | { readonly verdict: 'contested' }
  /** The target goes back into the Secret, for this reason. */
  | { readonly verdict: 'putBack'; readonly because: string };

export interface Case {
  readonly value: string;
  /** Values of the other keys of the same Secret. */
  readonly others: readonly string[];
  readonly record: KeyRecord;
  /** The Secret carries the render mark of exactly its values. */
  readonly isBlindRender: boolean;
  /** It carries one at all. */
  readonly hasRenderMark: boolean;
  /** Helm wrote it, from one of the release's own revisions. */
  readonly isByHelm: boolean;
  /** Why no new value of this key can be rolled out at all; undefined if one can. */
  readonly unwanted: string | undefined;
}

export const becauseMadeUp = 'a renderer made it up';

type Rule = (found: Case) => Judgement | undefined;

/** What was adopted as it was found may come back: people undo to it. */
const invalid: Rule = ({ value, others, record }) => {
  const because = record.accepted.some((known) => known.value === value) ? undefined : whyInvalid(value, others);
  return because === undefined ? undefined : { verdict: 'putBack', because };
};

const retired: Rule = ({ value, record }) => {
  const generation = record.retired.find((candidate) => candidate.value === value);
  return generation && { verdict: 'putBack', because: `it was retired as ${generation.name} at ${generation.retiredAt}` };
};

const unwanted: Rule = ({ unwanted: because }) => (because === undefined ? undefined : { verdict: 'putBack', because });

/**
 * A person may take a rendered value after all: then its mark is gone. Where the mark is there and does not fit, it was
 * another key of the Secret that they edited. The chart has no value for it, so what Helm writes is what a revision of the
 * past had, or what an upgrade read before the edit: never an undo.
 */
const accepted: Rule = ({ value, record, isBlindRender, hasRenderMark, isByHelm }) => {
  const known = record.accepted.findLast((generation) => generation.value === value);
  if (!known) return undefined;
  if (known.origin === 'rendered' && hasRenderMark) return isBlindRender ? { verdict: 'contested' } : { verdict: 'putBack', because: becauseMadeUp };
  return isByHelm ? { verdict: 'putBack', because: `Helm brought it back from ${known.name}` } : { verdict: 'edit' };
};

const blindRender: Rule = ({ isBlindRender }) => (isBlindRender ? { verdict: 'rendered' } : undefined);

/** Unknown values and returning ones alike get a new name: a name must never be used twice. */
const edit: Rule = () => ({ verdict: 'edit' });

const rules: readonly Rule[] = [invalid, retired, unwanted, accepted, blindRender, edit];

/** Judges a value that differs from the target's. */
export function judge(found: Case): Judgement {
  for (const rule of rules) {
    const judgement = rule(found);
    if (judgement) return judgement;
  }
  throw new Error('the last rule catches everything');
}
