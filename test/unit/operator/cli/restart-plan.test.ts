import { describe, expect, it } from 'vitest';
import { planRestarts } from '../../../../operator/cli/restart-plan.ts';
import { planLines } from '../../../../operator/cli/show/plan.ts';
import { agent, backend, pod, podOf, scanner, workload } from '../../../fixtures/given.ts';

const workloads = [agent(), backend(), scanner()];
const pods = workloads.map((one) => podOf(one));

describe('a plan', () => {
  it('of the service token has the verifiers first, then all presenters at once', () => {
    const { steps, restarts, rejects } = planRestarts('service-token', { workloads, pods });
    expect(steps.map(({ who, workloads }) => [who, workloads.map(({ workload }) => workload)])).toEqual([
      ['verifiers', ['Deployment/backend']],
      ['presenters', ['DaemonSet/agent', 'Deployment/scanner']],
    ]);
    expect({ restarts, rejects }).toEqual({ restarts: 3, rejects: false });
  });

  it('of the session secret restarts its reader alone and says that sessions end', () => {
    const plan = planRestarts('session-secret', { workloads, pods });
    expect(plan.restarts).toBe(1);
    expect(planLines(plan).at(-1)).toBe('Note: all sessions end: people sign in again.');
  });

  it('with a verifier that knows one value has no order and says that requests are rejected', () => {
    const plan = planRestarts('service-token', { workloads: [backend({ verify: 'single' }), agent()], pods: [] });
    expect(plan.steps.map(({ who }) => who)).toEqual(['all readers at once']);
    expect(plan.rejects).toBe(true);
    expect(plan.notes.join()).toContain('requests are rejected until all readers have restarted');
  });

  it('of an encryption key beside a verifier that knows one key restarts nobody: it would be put back', () => {
    const plan = planRestarts('encryption-key', { workloads: [backend({ verify: 'single', reads: ['encryption-key'] })], pods: [] });
    expect(plan).toMatchObject({ steps: [], restarts: 0 });
    expect(plan.notes.join()).toContain('Deployment/backend knows one key only');
  });

  it('without a verifier says that it would wait for one', () => {
    expect(planRestarts('service-token', { workloads: [agent()], pods: [] }).notes.join()).toContain('no verifier');
  });

  it('names the holders that nothing restarts, and why', () => {
    const optedOut = workload('quiet', { restartable: false });
    const holders = [pod('bare', { owner: undefined }), pod('job-1', { owner: 'Job/job' }), podOf(optedOut, { name: 'quiet-1' })];
    const plan = planRestarts('service-token', { workloads: [backend(), optedOut], pods: [...holders, podOf(backend())] });
    expect(plan.restarts).toBe(1);
    expect(plan.leftAlone.map(({ pod, why }) => `${pod}: ${why}`)).toEqual([
      'bare: nothing would make a new pod in its place',
      'job-1: its owner is not restarted',
      'quiet-1: its workload has opted out of restarts',
    ]);
  });

  it('names workloads that their own controller will not move', () => {
    const notes = planRestarts('service-token', { workloads: [backend(), agent({ halted: 'onDelete' })], pods: [] }).notes;
    expect(notes).toEqual(['DaemonSet/agent is replacing pods only when they are deleted: the rotation waits until its pods are new']);
  });

  it('names workloads that the operator may not restart', () => {
    const refused = agent();
    const { notes } = planRestarts('service-token', { workloads: [backend(), refused], pods: [] }, { refused: [refused] });
    expect(notes).toEqual(['the operator may not restart DaemonSet/agent: the rotation would wait; `kure-bootstrap doctor` says how to let it']);
  });

  it('says why nothing would restart for now', () => {
    const halted = 'no operator runs: nothing restarts until one does';
    expect(planRestarts('service-token', { workloads: [backend(), agent()], pods: [] }, { halted }).notes).toEqual([halted]);
  });

  it('of a key that nobody reads restarts nothing', () => {
    expect(planLines(planRestarts('encryption-key', { workloads: [agent()], pods: [] }))).toEqual(['An edit of encryption-key restarts nothing.']);
  });
});
