/**
 * What to make of a value in the bootstrap Secret that is not the target's: an ordered list of rules, first hit wins.
 * Model: cert-manager's policy chain (internal/controller/certificates/policies).
 */
import type { KeyRecord } from '../../shared/credential/keyring.ts';
import { whyInvalid } from '../../shared/credential/validation.ts';

export type Judgement =
  /** A person's edit, or their undo of one: becomes the target under a new name. */
  | { readonly verdict: 'edit' }
  /** The target goes back into the Secret, for this reason. */
  | { readonly verdict: 'putBack'; readonly because: string };

interface Case {
  readonly value: string;
  readonly others: readonly string[];
  readonly record: KeyRecord;
}

type Rule = (found: Case) => Judgement | undefined;

const invalid: Rule = ({ value, others }) => {
  const because = whyInvalid(value, others);
  return because === undefined ? undefined : { verdict: 'putBack', because };
};

const retired: Rule = ({ value, record }) => {
  const generation = record.retired.find((candidate) => candidate.value === value);
  return generation && { verdict: 'putBack', because: `it was retired as ${generation.name} at ${generation.retiredAt}` };
};

/** Unknown values and returning ones alike get a new name: a name must never be used twice. */
const edit: Rule = () => ({ verdict: 'edit' });

const rules: readonly Rule[] = [invalid, retired, edit];

/** Judges a value that differs from the target's; `others` are the values of the Secret's other keys. */
export function judge(found: Case): Judgement {
  for (const rule of rules) {
    const judgement = rule(found);
    if (judgement) return judgement;
  }
  throw new Error('the last rule catches everything');
}
