import { expect, it } from 'vitest';
import { toldOf } from '../../../../operator/act/told.ts';
import type { Action } from '../../../../operator/model/action.ts';
import type { Plan } from '../../../../operator/model/plan.ts';
import type { Phase } from '../../../../shared/contract/phases.ts';
import { KubeError } from '../../../../shared/kube/kube-error.ts';

const action: Action = { kind: 'WriteKeyring', resourceVersion: '20', keyring: { keys: {}, history: [] }, notices: [] };
const plan = (phase: Phase): Plan => ({ actions: [action], phase, keys: {}, waitingFor: [], lookAgainMs: 500 });
const toldAfter = (error: unknown, phase: Phase = 'Presenting') => toldOf(plan(phase), [{ action, error }]);

const forbidden =
  'PATCH /api/v1/namespaces/kure/secrets/boot: 403 secrets "boot" is forbidden: User "system:serviceaccount:kure:operator" ' +
  'cannot patch resource "secrets" in API group "" in the namespace "kure"';

it('tells the phase of the plan while everything works', () => {
  expect(toldOf(plan('Presenting'), [{ action }])).toEqual({ phase: 'Presenting', failures: [] });
});

it('is stuck at once when the API server refuses, and names the rule that is missing', () => {
  expect(toldAfter(new KubeError(forbidden, 403, 'Forbidden'))).toEqual({
    phase: 'Stuck',
    failures: [
      'WriteKeyring failed: a rule is missing: system:serviceaccount:kure:operator must be allowed to patch secrets "boot" (API group "") in namespace kure',
    ],
  });
});

it('names the rule for a creation and for the whole cluster, where the API server names no object and no namespace', () => {
  const message =
    'POST /x: 403 leases.coordination.k8s.io is forbidden: User "me" cannot create resource "leases" in API group "coordination.k8s.io" at the cluster scope';
  expect(toldAfter(new KubeError(message, 403, 'Forbidden')).failures).toEqual([
    'WriteKeyring failed: a rule is missing: me must be allowed to create leases (API group "coordination.k8s.io") in the whole cluster',
  ]);
});

it.each([
  [422, 'PATCH /x: 422 Deployment.apps "a" is invalid'],
  [403, 'PATCH /x: 403 admission webhook "policy" denied the request: no restarts on Fridays'],
])('is stuck with the server’s own words where it refuses for another reason: %i', (status, message) => {
  expect(toldAfter(new KubeError(message, status, ''))).toEqual({ phase: 'Stuck', failures: [`WriteKeyring failed: ${message}`] });
});

it('is not stuck by what passes by itself', () => {
  expect(toldAfter(new KubeError('PATCH /x: 429 a budget', 429, 'TooManyRequests'))).toEqual({
    phase: 'Presenting',
    failures: ['WriteKeyring failed: PATCH /x: 429 a budget'],
  });
});

it('says nothing of somebody else writing first', () => {
  expect(toldAfter(new KubeError('conflict', 409, 'Conflict'))).toEqual({ phase: 'Presenting', failures: [] });
});

const stamp: Action = { kind: 'Stamp', workload: { kind: 'DaemonSet', name: 'agent', uid: 'uid-agent', resourceVersion: '1' }, stamps: {}, notices: [] };
const evict: Action = { kind: 'Evict', pod: { name: 'agent-0', uid: 'uid-agent-0' }, notices: [] };

it('says nothing of a workload or a pod that has just been deleted, but of a Secret', () => {
  const error = new KubeError('gone', 404, 'NotFound');
  const outcomes = [stamp, evict, action].map((each) => ({ action: each, error }));
  expect(toldOf(plan('Presenting'), outcomes)).toEqual({ phase: 'Presenting', failures: ['WriteKeyring failed: gone'] });
});

it('leaves the one phase that is told before any other', () => {
  expect(toldAfter(new KubeError(forbidden, 403, 'Forbidden'), 'Paused').phase).toBe('Paused');
});
