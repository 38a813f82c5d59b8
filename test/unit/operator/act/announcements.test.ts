import { expect, it } from 'vitest';
import type { Phase } from '../../../../shared/contract/phases.ts';
import { announcementsOf } from '../../../../operator/act/announcements.ts';
import type { Told } from '../../../../operator/act/told.ts';
import type { Action, Notice } from '../../../../operator/model/action.ts';
import type { Plan } from '../../../../operator/model/plan.ts';

const plan = (keys: Plan['keys'] = {}): Plan => ({ actions: [], phase: 'Stable', keys, waitingFor: [], lookAgainMs: 500 });
const told = (phase: Phase, failures: readonly string[] = []): Told => ({ phase, failures });
const notice = (reason: Notice['reason']): Notice => ({ type: 'Normal', reason, message: 'said' });
const secret = { apiVersion: 'v1', kind: 'Secret', name: 'boot', namespace: 'monitoring', uid: 'uid-1' };

it('speaks of the object that an action was about, and only of what was done', () => {
  const actions: Action[] = [
    { kind: 'WriteKeyring', resourceVersion: '1', keyring: { keys: {}, history: [] }, notices: [notice('Retired')] },
    { kind: 'Stamp', workload: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent', resourceVersion: '1' }, stamps: {}, notices: [notice('Restarted')] },
    { kind: 'Evict', pod: { name: 'agent-0', uid: 'uid-0' }, notices: [notice('Repaired')] },
  ];
  const outcomes = [...actions.map((action) => ({ action })), { action: actions[0]!, error: new Error('away') }];
  const announced = announcementsOf(secret, plan(), told('Stable'), outcomes, 'Stable');
  expect(announced.map(({ reason, regarding }) => [reason, regarding])).toEqual([
    ['Retired', secret],
    ['Restarted', { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', namespace: 'monitoring', uid: 'uid-agent' }],
    ['Repaired', { apiVersion: 'v1', kind: 'Pod', name: 'agent-0', uid: 'uid-0', namespace: 'monitoring' }],
  ]);
});

it.each<Phase>(['Stuck', 'Contested', 'Rejected', 'Cutover', 'Paused'])('announces once that %s began, and why', (phase) => {
  const keys = { 'service-token': { phase, waitingFor: ['a pod'] }, 'session-secret': { phase: 'Stable', waitingFor: ['nothing'] } } as const;
  const announce = (before: Phase | undefined) => announcementsOf(secret, plan(keys), told(phase, ['a rule is missing']), [], before);
  expect(announce('Presenting')).toMatchObject([
    { reason: phase, regarding: secret, message: `${phase}: a rule is missing; service-token: a pod` },
  ]);
  expect(announce(phase)).toEqual([]);
});

it.each<Phase>(['Debouncing', 'Verifying', 'Presenting', 'Proving', 'Retiring', 'Stable'])('lets %s come and go', (phase) => {
  expect(announcementsOf(secret, plan(), told(phase), [], 'Stuck')).toEqual([]);
});

it('does not say again what an action has said better', () => {
  const action: Action = { kind: 'Evict', pod: { name: 'a', uid: 'b' }, notices: [notice('Contested')] };
  expect(announcementsOf(secret, plan(), told('Contested'), [{ action }], 'Stable')).toHaveLength(1);
});

it('keeps within what the API server takes', () => {
  const [announced] = announcementsOf(secret, plan(), told('Stuck', ['x'.repeat(5_000)]), [], undefined);
  expect(announced?.message).toHaveLength(1024);
});
