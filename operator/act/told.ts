/** What people are told about a pass: what was planned, and what became of it. Pure. */
import { phases, type Phase } from '../../shared/contract/phases.ts';
import { KubeError, remedyFor } from '../../shared/kube/kube-error.ts';
import type { Plan } from '../model/plan.ts';
import { isOvertaken, type Outcome } from './execute.ts';

export interface Told {
  /** `Stuck` where the API server refused something that the plan needs. */
  readonly phase: Phase;
  /** What could not be done and why, a sentence each. */
  readonly failures: readonly string[];
}

export function toldOf({ phase }: Plan, outcomes: readonly Outcome[]): Told {
  const failed = outcomes.filter((outcome) => outcome.error !== undefined && !isOvertaken(outcome));
  const isRefused = failed.some(({ error }) => remedyFor(error) === 'refused');
  return { phase: isRefused ? worseOf(phase, 'Stuck') : phase, failures: failed.map(describeFailure) };
}

const worseOf = (left: Phase, right: Phase): Phase => (phases.indexOf(left) < phases.indexOf(right) ? left : right);

function describeFailure({ action, error }: Outcome): string {
  const { message } = error as Error;
  const rule = error instanceof KubeError && error.status === 403 ? missingRule(message) : undefined;
  return `${action.kind} failed: ${rule ?? message}`;
}

/** The API server's authorizer: `secrets "x" is forbidden: User "u" cannot patch resource "secrets" in API group "" in ...`. */
const denial =
  /(?:"(?<name>[^"]+)" )?is forbidden: User "(?<user>[^"]*)" cannot (?<verb>\w+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"(?: in the namespace "(?<namespace>[^"]+)")?/;

/** Undefined where somebody else than the authorizer refused, as an admission webhook does. */
function missingRule(message: string): string | undefined {
  const { name, user, verb, resource, group, namespace } = denial.exec(message)?.groups ?? {};
  if (verb === undefined) return undefined;
  const named = name === undefined ? '' : ` "${name}"`;
  const where = namespace === undefined ? 'the whole cluster' : `namespace ${namespace}`;
  return `a rule is missing: ${user} must be allowed to ${verb} ${resource}${named} (API group "${group}") in ${where}`;
}
