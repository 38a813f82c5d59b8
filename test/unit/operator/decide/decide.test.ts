import { describe, expect, it } from 'vitest';
import { decide } from '../../../../operator/decide/decide.ts';
import type { KeyRecord } from '../../../../shared/credential/keyring.ts';
import type { Action } from '../../../../operator/model/action.ts';
import { defaultSettings, type Plan } from '../../../../operator/model/plan.ts';
import { Unasked, type Snapshot } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

const plan = (snapshot: Snapshot): Plan => decide(snapshot, given.now, given.draw(), defaultSettings);

/** `Kind/name key=generation`, for each workload that is restarted. */
const stamped = ({ actions }: Plan): string[] =>
  actions.flatMap((action: Action) =>
    action.kind === 'Stamp'
      ? `${action.workload.kind}/${action.workload.name} ${Object.entries(action.stamps).map(([key, name]) => `${key}=${name}`).join()}`
      : [],
  );

const session = given.record(['session']);
const token = { 'service-token': 'new' };
const tokenKeys = { 'service-token': given.rotating, 'session-secret': session };
const moved = [given.backend({ stamps: token }), given.agent({ stamps: token }), given.scanner({ stamps: token })];
const proved = given.answers({ 'backend-0': given.attested({ uses: [given.use('new', 'agent-0'), given.use('new', 'scanner-0')] }) });
const accepting = given.answers({ 'backend-0': given.attested() });

describe('a rotation of the service token', () => {
  it('waits for the debounce first', () => {
    const accepted = [given.generation('old'), given.generation('new', { recordedAt: given.at(-500) })];
    const found = plan(given.snapshot({ keys: { ...tokenKeys, 'service-token': given.record([], { accepted }) } }));
    expect(found).toMatchObject({ phase: 'Debouncing', actions: [] });
    expect(found.keys['service-token']?.waitingFor).toEqual(['further edits, for 2 s']);
  });

  it('looks again when the debounce ends', () => {
    const accepted = [given.generation('old'), given.generation('new', { recordedAt: given.at(-1_700) })];
    expect(plan(given.snapshot({ keys: { ...tokenKeys, 'service-token': given.record([], { accepted }) } })).lookAgainMs).toBe(300);
  });

  it('restarts the verifiers before any presenter', () => {
    const found = plan(given.snapshot({ keys: tokenKeys }));
    expect(found.phase).toBe('Verifying');
    expect(stamped(found)).toEqual(['Deployment/backend service-token=new']);
    expect(found.actions[0]).toMatchObject({ workload: { resourceVersion: '30' }, notices: [{ reason: 'Restarted' }] });
  });

  it('does not restart one over and over from whose template something takes the stamp away', () => {
    const [since, before] = [-50_000, -70_000].map((ms) => plan(given.snapshot({ keys: tokenKeys, workloads: [given.backend({ restartedAt: given.now + ms })] })).actions[0]);
    expect(since).toMatchObject({ kind: 'Stamp', stamps: token, isRepeated: true });
    expect(before).not.toHaveProperty('isRepeated');
  });

  describe('from whose template something takes the stamp away a moment later', () => {
    const thrice = [-9_000, -6_000, -3_000].map((ms) => ({ uid: 'uid-backend', stamps: token, at: given.now + ms }));
    const found = (change: Partial<Snapshot>) => plan(given.snapshot({ keys: tokenKeys, stamped: thrice, ...change }));

    it('is restarted no more, and says what to do', () => {
      expect(found({})).toMatchObject({ phase: 'Stuck', actions: [] });
      expect(found({}).keys['service-token']).toMatchObject({
        step: 'Verifying',
        waitingFor: [
          'Deployment/backend: the annotation bootstrap.kure.io/service-token of its pod template was taken away 3 times: have what puts the template back, as a GitOps tool does, leave it there, then kubectl rollout restart deployment/backend',
        ],
      });
    });

    it.each<[string, Partial<Snapshot>]>([
      ['one time fewer', { stamped: thrice.slice(1) }],
      ['for another target', { stamped: thrice.map((it) => ({ ...it, stamps: { 'service-token': 'earlier' } })) }],
      ['from another workload', { stamped: thrice.map((it) => ({ ...it, uid: 'uid-agent' })) }],
      ['before somebody restarted it', { workloads: [given.backend({ restartedAt: given.now - 1_000 }), given.agent()] }],
    ])('is restarted where that happened %s', (_name, change) => {
      expect(stamped(found(change))).toEqual(['Deployment/backend service-token=new']);
    });

    it('does not hold up the others', () => {
      expect(stamped(found({ workloads: [given.backend(), given.workload('other', { role: 'verifier' })] }))).toEqual(['Deployment/other service-token=new']);
    });
  });

  const presenters = [given.agent(), given.scanner()];
  const backendMoved = { keys: tokenKeys, workloads: [given.backend({ stamps: token }), ...presenters], answers: accepting };
  it.each<[string, Partial<Snapshot>, string]>([
    [
      'their rollout',
      { workloads: [given.backend({ stamps: token, rollout: given.rollout(2, { updated: 1 }) }), ...presenters] },
      'Deployment/backend: 1 of 2 pods are new',
    ],
    [
      'the answer of each',
      { answers: given.answers({ 'backend-0': { failure: 'timeout' } }) },
      'verifier pod backend-0 to answer (timeout)',
    ],
    [
      'their word that they accept the target',
      { answers: given.answers({ 'backend-0': given.attested({ accepted: ['old'] }) }) },
      'verifier pod backend-0 to accept generation new',
    ],
    ['one that is ready at all', { pods: [given.podOf(given.agent())] }, 'a ready verifier: there is none'],
  ])('then waits for %s', (_name, change, sentence) => {
    const found = plan(given.snapshot({ ...backendMoved, ...change }));
    expect(found).toMatchObject({ phase: 'Verifying', actions: [], keys: { 'service-token': { waitingFor: [sentence] } } });
  });

  it('then restarts all presenters at once, and no verifier again', () => {
    const found = plan(given.snapshot(backendMoved));
    expect(found.phase).toBe('Presenting');
    expect(stamped(found)).toEqual(['DaemonSet/agent service-token=new', 'Deployment/scanner service-token=new']);
  });

  const allMoved = { keys: tokenKeys, workloads: moved, answers: accepting };
  it('then waits for their rollouts', () => {
    const workloads = [moved[0]!, given.agent({ stamps: token, rollout: given.rollout(3, { total: 4 }) }), moved[2]!];
    const found = plan(given.snapshot({ ...allMoved, workloads }));
    expect(found).toMatchObject({ phase: 'Presenting', actions: [] });
    expect(found.keys['service-token']?.waitingFor).toEqual(['DaemonSet/agent: 1 of 4 pods are old']);
  });

  const agentMoving = given.agent({ stamps: token, rollout: given.rollout(3, { updated: 1 }) });
  it.each([
    ['verifiers', [given.backend({ stamps: token, rollout: given.rollout(2, { updated: 1 }) }), ...presenters]],
    ['presenters', [moved[0]!, agentMoving, moved[2]!]],
  ])('neither wants answers while its %s move, nor looks often: the watches tell', (_name, workloads) => {
    const answers = new Unasked();
    expect(plan(given.snapshot({ ...allMoved, workloads, answers })).lookAgainMs).toBe(5_000);
    expect(answers.isWanted).toBe(false);
  });

  it.each([
    ['before a presenter moves', { workloads: [moved[0]!, ...presenters] }],
    ['after all have', {}],
  ])('wants the word of each verifier %s, and often', (_name, change) => {
    const answers = new Unasked();
    const found = plan(given.snapshot({ ...allMoved, answers, ...change }));
    expect(found).toMatchObject({ phase: 'Verifying', actions: [], lookAgainMs: 500 });
    expect(answers.isWanted).toBe(true);
  });

  it.each([
    ['a bare pod', { owner: undefined }, 'pod debug-0 (no owner), which holds an older value'],
    ['a pod of a Job', { owner: 'Job/report' }, 'pod debug-0 (Job/report), which holds an older value'],
    ['a pod that still terminates', { terminating: true }, 'pod debug-0 (Deployment/debug), which holds an older value'],
    ['a pod with an older stamp', { stamps: { 'service-token': 'old' } }, 'pod debug-0 (Deployment/debug), which holds an older value'],
  ])('then waits for %s that reads the key, and names it', (_name, change, sentence) => {
    const pods = [...moved.map((it) => given.podOf(it)), given.pod('debug-0', change)];
    const found = plan(given.snapshot({ ...allMoved, answers: proved, pods, fresh: true }));
    expect(found).toMatchObject({ phase: 'Presenting', actions: [], keys: { 'service-token': { waitingFor: [sentence] } } });
  });

  it('then waits for proof of each pod', () => {
    const pods = moved.map((workload) => given.podOf(workload, { startedAt: given.now - 1_000 }));
    const found = plan(given.snapshot({ ...allMoved, pods }));
    expect(found).toMatchObject({ phase: 'Proving', actions: [] });
    expect(found.keys['service-token']?.waitingFor).toEqual(['pod agent-0 to use generation new', 'pod scanner-0 to use generation new']);
  });

  describe('a pod that carries the stamp and uses an older value', () => {
    const stale = given.answers({ 'backend-0': given.attested({ uses: [given.use('old', 'agent-0', given.now), given.use('new', 'scanner-0')] }) });
    const repairing = (repairs: KeyRecord['repairs'] = []) =>
      plan(given.snapshot({ ...allMoved, keys: { ...tokenKeys, 'service-token': { ...given.rotating, repairs } }, answers: stale }));
    const repair = { uid: 'uid-agent-0', owner: 'DaemonSet/agent' };

    it('is recorded before it is evicted', () => {
      expect(repairing().actions).toMatchObject([
        { kind: 'WriteKeyring', keyring: { keys: { 'service-token': { accepted: [{}, {}], repairs: [repair] } } } },
      ]);
    });

    it('is evicted when that is recorded: this very pod and no other', () => {
      expect(repairing([repair]).actions).toMatchObject([{ kind: 'Evict', pod: { name: 'agent-0', uid: 'uid-agent-0' } }]);
    });

    it('is one of two at most of its workload, also where several are found at once', () => {
      const names = ['agent-0', 'agent-1', 'agent-2'];
      const pods = [...moved.map((it) => given.podOf(it)), ...names.slice(1).map((name) => given.podOf(moved[1]!, { name, uid: `uid-${name}`, addresses: [`ip-of-${name}`] }))];
      const answers = given.answers({ 'backend-0': given.attested({ uses: [...names.map((name) => given.use('old', name)), given.use('new', 'scanner-0')] }) });
      const found = plan(given.snapshot({ ...allMoved, pods, answers }));
      expect(found.actions).toMatchObject([{ keyring: { keys: { 'service-token': { repairs: [{ uid: 'uid-agent-0' }, { uid: 'uid-agent-1' }] } } } }]);
      expect(found.keys['service-token']?.waitingFor).toEqual(['pod agent-2 to be replaced by hand: it still uses an older generation']);
    });

    it('is left to a person after two repairs of its workload', () => {
      const found = repairing([{ ...repair, uid: 'first' }, { ...repair, uid: 'second' }]);
      expect(found).toMatchObject({ phase: 'Stuck', actions: [] });
      expect(found.keys['service-token']?.waitingFor).toEqual(['pod agent-0 to be replaced by hand: it still uses an older generation']);
    });
  });

  it('then reads everything anew before it retires anything', () => {
    expect(plan(given.snapshot({ ...allMoved, answers: proved })).actions).toEqual([{ kind: 'Reread' }]);
  });

  it('then retires the old generation and commits nothing yet', () => {
    const found = plan(given.snapshot({ ...allMoved, answers: proved, fresh: true }));
    expect(found.phase).toBe('Retiring');
    expect(found.actions).toMatchObject([
      {
        kind: 'WriteKeyring',
        resourceVersion: '20',
        keyring: {
          keys: {
            'service-token': {
              accepted: [{ name: 'new' }],
              retired: [{ name: 'old', value: given.value('old'), retiredAt: given.at(0) }],
              target: 'new',
              committed: 'old',
            },
            'session-secret': session,
          },
        },
        notices: [{ reason: 'Retired', message: 'service-token: retired old; only new is accepted' }],
      },
    ]);
  });

  it('keeps the last ten retired generations', () => {
    const many = Array.from({ length: 10 }, (_, index) => given.retired(`gone-${index}`));
    const keys = { ...tokenKeys, 'service-token': { ...given.rotating, retired: many } };
    const [write] = plan(given.snapshot({ ...allMoved, keys, answers: proved, fresh: true })).actions;
    const names = write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token']?.retired.map(({ name }) => name) : [];
    expect(names).toEqual([...many.slice(1).map(({ name }) => name), 'old']);
  });

  it('never retires the value of the target, which an undo has given a new name', () => {
    const accepted = [given.generation('first'), given.generation('second'), given.generation('new', { value: given.value('first') })];
    const keys = { ...tokenKeys, 'service-token': given.record([], { accepted }) };
    const [write] = plan(given.snapshot({ ...allMoved, keys, answers: proved, fresh: true })).actions;
    const next = write?.kind === 'WriteKeyring' ? write.keyring.keys['service-token'] : undefined;
    expect(next?.accepted.map(({ name }) => name)).toEqual(['new']);
    expect(next?.retired.map(({ name }) => name)).toEqual(['second']);
  });

  const afterRetirement = { workloads: moved, keys: { ...tokenKeys, 'service-token': given.retiring } };
  it.each([
    ['still accepts the old one', ['old', 'new']],
    ['accepts something else only', ['other']],
    ['accepts nothing', []],
  ])('commits nothing while a verifier %s', (_name, accepted) => {
    const uses = [given.use('new', 'agent-0'), given.use('new', 'scanner-0')];
    const answers = given.answers({ 'backend-0': given.attested({ accepted, uses }) });
    const found = plan(given.snapshot({ ...afterRetirement, answers, fresh: true }));
    expect(found.actions).toEqual([]);
    expect(found.phase).not.toBe('Stable');
  });

  it('commits, and writes history, when every verifier accepts the target and nothing else', () => {
    const uses = [given.use('new', 'agent-0'), given.use('new', 'scanner-0')];
    const answers = given.answers({ 'backend-0': given.attested({ accepted: ['new'], uses }) });
    const found = plan(given.snapshot({ ...afterRetirement, answers }));
    expect(found.actions).toMatchObject([
      {
        kind: 'WriteKeyring',
        keyring: {
          keys: { 'service-token': { committed: 'new', committedFrom: '10' } },
          history: [
            {
              key: 'service-token',
              generation: 'new',
              committedAt: given.at(0),
              workloads: ['Deployment/backend', 'DaemonSet/agent', 'Deployment/scanner'],
            },
          ],
        },
        notices: [{ reason: 'RotationCompleted' }],
      },
    ]);
  });
});

describe('the session secret', () => {
  const keys = { 'service-token': given.record(['token']), 'session-secret': given.rotating };
  const stamps = { 'session-secret': 'new' };
  const portal = given.workload('portal', { reads: ['session-secret'] });

  it('moves all its readers at once, and nobody else', () => {
    const found = plan(given.snapshot({ keys, workloads: [given.backend(), given.agent(), portal] }));
    expect(stamped(found)).toEqual(['Deployment/backend session-secret=new', 'Deployment/portal session-secret=new']);
  });

  it('waits for every holder, and retires on a fresh read', () => {
    const workloads = [given.backend({ stamps }), given.agent(), { ...portal, stamps }];
    const pods = workloads.map((workload) => given.podOf(workload));
    const holding = plan(given.snapshot({ keys, workloads, pods: [...pods, given.pod('debug-0', { reads: ['session-secret'] })] }));
    expect(holding).toMatchObject({ actions: [], keys: { 'session-secret': { waitingFor: ['pod debug-0 (Deployment/debug), which holds an older value'] } } });
    expect(plan(given.snapshot({ keys, workloads, pods })).actions).toEqual([{ kind: 'Reread' }]);
    expect(plan(given.snapshot({ keys, workloads, pods, fresh: true })).actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'Retired' }] }]);
  });
});

describe('two keys edited together', () => {
  const keys = { 'service-token': given.rotating, 'session-secret': given.rotating };

  it('cost a workload that reads both one restart patch', () => {
    const { actions } = plan(given.snapshot({ keys }));
    expect(actions).toMatchObject([
      { workload: { name: 'backend' }, stamps: { 'service-token': 'new', 'session-secret': 'new' }, notices: [{ reason: 'Restarted' }] },
    ]);
  });

  it('let a presenter that reads both wait until both allow it', () => {
    const both = given.workload('portal', { reads: ['service-token', 'session-secret'] });
    const stamps = { 'service-token': 'new', 'session-secret': 'new' };
    const before = given.snapshot({ keys, workloads: [given.backend(), both] });
    expect(stamped(plan(before))).toEqual(['Deployment/backend service-token=new,session-secret=new']);
    const after = given.snapshot({ keys, workloads: [given.backend({ stamps }), both], answers: accepting });
    expect(stamped(plan(after))).toEqual(['Deployment/portal service-token=new,session-secret=new']);
  });

  it('are written one after the other: the keyring has one version', () => {
    const stamps = { 'service-token': 'new', 'session-secret': 'new' };
    const workloads = [given.backend({ stamps })];
    const { actions } = plan(given.snapshot({ keys, workloads, answers: proved, fresh: true }));
    expect(actions).toMatchObject([{ kind: 'WriteKeyring', keyring: { keys: { 'session-secret': given.rotating } } }]);
  });
});

describe('a settled cluster', () => {
  it.each<[string, Snapshot]>([
    ['without stamps, as after an installation', given.snapshot()],
    ['with the stamps of its last rotation', given.snapshot({ workloads: moved })],
    ['with a stamp stripped by a rollback', given.snapshot({ workloads: [moved[0]!, given.agent(), moved[2]!] })],
    ['with a new reader', given.snapshot({ workloads: [...moved, given.workload('newcomer')] })],
    ['with unhealthy pods', given.snapshot({ workloads: [given.backend({ rollout: given.rollout(2, { available: 0 }) })] })],
    ['without any verifier', given.snapshot({ workloads: [given.agent()] })],
  ])('%s is left alone', (_name, snapshot) => {
    expect(plan(snapshot)).toMatchObject({ phase: 'Stable', actions: [], lookAgainMs: 60_000 });
  });

  it('says Debouncing, and restarts nobody, in the pass that records an edit', () => {
    const values = { 'service-token': given.value('edited'), 'session-secret': given.value('session') };
    const found = plan(given.snapshot({ sources: given.only(values) }));
    expect(found).toMatchObject({ phase: 'Debouncing', actions: [{ kind: 'WriteKeyring' }], lookAgainMs: 500 });
  });

  it('still settles before it restarts: a rotation waits for a put-back', () => {
    const found = plan(given.snapshot({ keys: tokenKeys, sources: given.only({ 'session-secret': given.value('session') }) }));
    expect(found.actions.map(({ kind }) => kind)).toEqual(['WriteSource']);
  });
});
