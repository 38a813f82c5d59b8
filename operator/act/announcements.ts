/** Which Events a pass calls for: the notices of what was done, and a phase that a person should see. Pure. */
import type { Phase } from '../../shared/contract/phases.ts';
import type { Action } from '../model/action.ts';
import type { Plan } from '../model/plan.ts';
import type { Announcement, Reference } from './events.ts';
import { noticesOf, type Outcome } from './execute.ts';
import type { Told } from './told.ts';

const remarkable: ReadonlySet<Phase> = new Set<Phase>(['Paused', 'Stuck', 'Rejected', 'Contested', 'Cutover']);

/** `secret` is the bootstrap Secret: what is about no workload and no pod is about that. */
export function announcementsOf(
  secret: Reference,
  plan: Plan,
  told: Told,
  outcomes: readonly Outcome[],
  before: Phase | undefined,
): Announcement[] {
  const done = outcomes.filter(({ error }) => error === undefined);
  const notices = done.flatMap(({ action }) =>
    noticesOf(action).map((notice) => ({ ...notice, action: action.kind, regarding: regardingOf(action, secret) })),
  );
  const isNew = told.phase !== before && remarkable.has(told.phase);
  // What was done may have said the same, and knows more.
  return isNew && !notices.some(({ reason }) => reason === told.phase) ? [...notices, phaseOf(secret, plan, told)] : notices;
}

function regardingOf(action: Action, secret: Reference): Reference {
  const { namespace } = secret;
  if (action.kind === 'Evict') return { apiVersion: 'v1', kind: 'Pod', name: action.pod.name, namespace, uid: action.pod.uid };
  if (action.kind !== 'Stamp') return secret;
  const { kind, name, uid } = action.workload;
  return { apiVersion: 'apps/v1', kind, name, namespace, uid };
}

function phaseOf(secret: Reference, { keys, waitingFor: ofAll }: Plan, { phase, failures }: Told): Announcement {
  const waitingFor = Object.entries(keys).flatMap(([key, { phase: own, waitingFor }]) =>
    own === phase ? waitingFor.map((sentence) => `${key}: ${sentence}`) : [],
  );
  const why = [...failures, ...ofAll, ...waitingFor].join('; ');
  return {
    type: phase === 'Paused' ? 'Normal' : 'Warning',
    reason: phase,
    message: (why === '' ? phase : `${phase}: ${why}`).slice(0, maxMessage),
    action: 'Phase',
    regarding: secret,
  };
}

/** The API server takes 1024 characters. */
const maxMessage = 1024;
