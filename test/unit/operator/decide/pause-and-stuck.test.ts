import { describe, expect, it } from 'vitest';
import type { Pod, Rollout, SourceSecret, Workload } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';
import { carriesNew, kinds, plan, restarted, rotatingKeys, session, withBootstrap, type Keys } from './planned.ts';

const backendMoved = (change: Partial<Workload> = {}) => [given.backend({ stamps: carriesNew, ...change }), given.agent(), given.scanner()];

describe('a pause', () => {
  const pause = { requests: { pause: true } };
  it('restarts nobody and says where the rotation stands', () => {
    const found = withBootstrap(rotatingKeys, pause);
    expect(found).toMatchObject({ phase: 'Paused', actions: [] });
    expect(found.keys['service-token']).toMatchObject({ phase: 'Paused', step: 'Verifying' });
  });

  it('retires nothing, even on a fresh look', () => {
    const workloads = [given.backend({ stamps: carriesNew })];
    const answers = given.answers({ 'backend-0': given.attested() });
    expect(withBootstrap(rotatingKeys, pause, { workloads, answers, fresh: true }).actions).toEqual([]);
    expect(kinds(withBootstrap(rotatingKeys, {}, { workloads, answers, fresh: true }))).toEqual(['WriteKeyring']);
  });

  it('still records an edit: what pods may hold has to be accepted', () => {
    const values = { 'service-token': given.value('edited'), 'session-secret': given.value('session') };
    expect(kinds(withBootstrap(rotatingKeys, { ...pause, values }))).toEqual(['WriteKeyring']);
  });
});

describe('Stuck', () => {
  const stale = given.record([], { accepted: [given.generation('old'), given.generation('new', { recordedAt: given.at(-600_001) })] });
  const keys: Keys = { 'service-token': stale, 'session-secret': session };

  it('is said after the rollout deadline without progress, and names the step', () => {
    const workloads = backendMoved({ rollout: given.rollout(2, { available: 1 }) });
    expect(plan(given.snapshot({ keys, workloads })).keys['service-token']).toEqual({
      phase: 'Stuck',
      step: 'Verifying',
      waitingFor: ['Deployment/backend: 1 of 2 pods are available'],
    });
  });

  it('is not said while new pods come', () => {
    const workloads = backendMoved({ rollout: given.rollout(2, { available: 1 }) });
    const pods = workloads.map((it) => given.podOf(it, { createdAt: given.now - 599_000 }));
    expect(plan(given.snapshot({ keys, workloads, pods })).phase).toBe('Verifying');
  });

  describe('after silence', () => {
    const workloads = [given.backend({ stamps: carriesNew }), given.agent({ stamps: carriesNew })];
    const job = given.pod('job-0', { owner: 'Job/import', createdAt: given.now - 300_000, startedAt: given.now - 300_000 });
    const found = (silentForMs: number, extra: readonly Pod[] = []) => {
      const pods = [...workloads.map((it) => given.podOf(it, { createdAt: given.now - 700_000 })), job, ...extra];
      const uses = [given.use('old', 'elsewhere', given.now - silentForMs), given.use('new', 'agent-0')];
      const answers = given.answers({ 'backend-0': given.attested({ uses }) });
      return plan(given.snapshot({ keys, workloads, pods, answers, fresh: true })).keys['service-token'];
    };

    it('is said later, for silence is waited for on top of the deadline, by a pod without a stamp, too', () => {
      expect(found(300_000)).toEqual({ phase: 'Presenting', waitingFor: ['pod job-0 (Job/import), which holds an older value'] });
    });

    it('is not put off by silence where another pod waits for something else', () => {
      const older = given.pod('job-1', { owner: 'Job/export', createdAt: given.now - 900_000 });
      expect(found(300_000, [older])).toMatchObject({ phase: 'Stuck', step: 'Presenting' });
    });

    it('is not said of the write that ends the rotation', () => {
      const done = plan(given.snapshot({ keys, workloads, answers: given.answers({ 'backend-0': given.attested({ uses: [given.use('new', 'agent-0')] }) }), fresh: true }));
      expect(done).toMatchObject({ phase: 'Retiring', actions: [{ kind: 'WriteKeyring' }] });
    });

    it('is not said while a contest waits for it', () => {
      const accepted = [given.generation('token'), given.generation('made', { origin: 'rendered', recordedAt: given.at(-600_001) })];
      const contested: Keys = { 'service-token': given.record([], { accepted, target: 'token' }), 'session-secret': session };
      const pods = [given.backend(), given.agent()].map((it) => given.podOf(it, { createdAt: given.now - 700_000 }));
      const answers = given.answers({ 'backend-0': given.attested({ accepted: ['token', 'made'], uses: [given.use('made', 'elsewhere')] }) });
      expect(plan(given.snapshot({ keys: contested, pods, answers })).keys['service-token']?.phase).toBe('Contested');
    });
  });

  const left = (pods: readonly Pod[]) => plan(given.snapshot({ keys, workloads: [], pods }));

  it('is not said where nothing uses the release any more, as after an uninstall', () => {
    expect(left([]).keys['service-token']).toEqual({ phase: 'Verifying', waitingFor: ['a verifier: there is none'] });
    expect(left([given.pod('agent-0')]).phase).toBe('Stuck');
  });

  it('names the pods that will hardly end it by themselves', () => {
    const backend = given.backend({ stamps: carriesNew, rollout: given.rollout(2, { updated: 1 }) });
    const pods = [
      given.podOf(backend, { ready: false, trouble: 'ImagePullBackOff' }),
      given.podOf(backend, { name: 'backend-1', stamps: {}, ready: false }),
      given.podOf(backend, { name: 'backend-2', stamps: {} }),
      given.podOf(backend, { name: 'backend-3', stamps: {}, ready: false, terminating: true }),
      given.pod('agent-0', { ready: false, trouble: 'CrashLoopBackOff' }),
    ];
    expect(plan(given.snapshot({ keys: rotatingKeys, workloads: [backend, given.agent()], pods })).keys['service-token']?.waitingFor).toEqual([
      'Deployment/backend: 1 of 2 pods are new',
      'pod backend-0: ImagePullBackOff',
      'pod backend-1, which is old and not ready',
    ]);
  });

  it('names why pods could not be made', () => {
    const trouble = 'pods "backend-1" is forbidden: exceeded quota: small';
    const waitingFor = (rollout: Rollout) => {
      const backend = given.backend({ stamps: carriesNew, rollout, trouble });
      return plan(given.snapshot({ keys: rotatingKeys, workloads: [backend, given.agent()] })).keys['service-token']?.waitingFor;
    };
    expect(waitingFor(given.rollout(2, { updated: 1 }))).toEqual(['Deployment/backend: 1 of 2 pods are new', `Deployment/backend: ${trouble}`]);
    expect(waitingFor(given.rollout())).not.toContain(`Deployment/backend: ${trouble}`);
  });

  it('counts from the end of a pause, in which nothing could move', () => {
    expect(plan(given.snapshot({ keys, pausedUntil: given.now - 600_000 })).phase).toBe('Verifying');
    expect(plan(given.snapshot({ keys, pausedUntil: given.now - 600_001 })).phase).toBe('Stuck');
  });

  it('does not keep a corrected template or value from going on', () => {
    const found = plan(given.snapshot({ keys }));
    expect(found.phase).toBe('Stuck');
    expect(restarted(found)).toEqual(['backend']);
  });

  it.each<[string, Partial<Workload>, string]>([
    ['a paused Deployment', { halted: 'paused', rollout: given.rollout(1, { updated: 0 }) }, 'kubectl rollout resume deployment/backend'],
    ['a workload that only moves by hand', { halted: 'onDelete', rollout: given.rollout(1, { updated: 0 }) }, 'delete its old pods'],
    ['one that keeps its old pods', { kind: 'StatefulSet', halted: 'partition', rollout: given.rollout(1, { updated: 0 }) }, 'keeps those below its partition'],
    ['a verifier that is scaled to zero', { rollout: given.rollout(0) }, 'scaled to zero'],
  ])('is said at once for %s', (_name, change, remedy) => {
    const found = plan(given.snapshot({ keys: rotatingKeys, workloads: backendMoved(change) }));
    expect(found.phase).toBe('Stuck');
    expect(found.keys['service-token']?.waitingFor[0]).toContain(remedy);
  });

  describe('behind a pod on a node that is gone', () => {
    const workloads = [given.backend({ stamps: carriesNew }), given.agent({ stamps: carriesNew })];
    const lost = given.pod('agent-1', { owner: 'DaemonSet/agent', terminating: true, graceEndsAt: given.now - 31_000 });
    const pods = [...workloads.map((it) => given.podOf(it)), lost];
    const answers = given.answers({ 'backend-0': given.attested({ uses: [given.use('new', 'agent-0')] }) });
    const found = (requests: SourceSecret['requests'], extra: readonly Pod[] = []) =>
      withBootstrap(rotatingKeys, { requests }, { workloads, pods: [...pods, ...extra], answers, fresh: true });

    it('names the pod and the command that goes on without it', () => {
      expect(found({ pause: false }).keys['service-token']).toMatchObject({
        phase: 'Stuck',
        waitingFor: [expect.stringMatching(/^pod agent-1, long past its deletion.*retire --now old$/)],
      });
    });

    it('is not held up by it any more once the older generation has ended', () => {
      const keys: Keys = { 'service-token': given.retiring, 'session-secret': session };
      const exact = given.answers({ 'backend-0': given.attested({ accepted: ['new'], uses: [given.use('new', 'agent-0')] }) });
      const ended = plan(given.snapshot({ keys, workloads, pods, answers: exact }));
      expect(ended.actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'RotationCompleted' }] }]);
    });

    describe.each(['DaemonSet', 'StatefulSet'] as const)('whose %s goes on counting it', (kind) => {
      const counting = given.agent({ kind, stamps: carriesNew, rollout: given.rollout(2, { updated: 1, available: 1 }) });
      const own = given.pod('agent-1', { ...lost, owner: `${kind}/agent` });
      const told = (requests: SourceSecret['requests']) =>
        withBootstrap(rotatingKeys, { requests }, { workloads: [workloads[0]!, counting], pods: [given.podOf(workloads[0]!), given.podOf(counting), own], answers, fresh: true });

      it('names the pod and the command', () => {
        expect(told({ pause: false }).keys['service-token']).toMatchObject({
          phase: 'Stuck',
          waitingFor: [`${kind}/agent: 1 of 2 pods are new`, expect.stringMatching(/^pod agent-1, long past its deletion.*retire --now old$/)],
        });
      });

      it('goes on without it when told so', () => {
        expect(kinds(told({ pause: false, retire: 'old' }))).toEqual(['WriteKeyring']);
      });

      it('is restarted without it, too', () => {
        const behind = { ...counting, stamps: {}, rollout: given.rollout(2, { available: 1 }) };
        const found = withBootstrap(rotatingKeys, { requests: { pause: false, retire: 'old' } }, { workloads: [workloads[0]!, behind], pods: [given.podOf(workloads[0]!), own], answers });
        expect(restarted(found)).toEqual(['agent']);
      });
    });

    it('goes on without it when told so, but not without a pod that is still there', () => {
      expect(kinds(found({ pause: false, retire: 'old' }))).toEqual(['WriteKeyring']);
      const alive = given.pod('job-0', { owner: 'Job/import' });
      expect(found({ pause: false, retire: 'old' }, [alive]).phase).toBe('Presenting');
    });
  });
});
