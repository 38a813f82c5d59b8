import { describe, expect, it } from 'vitest';
import { decide } from '../../../../operator/decide/decide.ts';
import { defaultSettings } from '../../../../operator/model/plan.ts';
import type { Pod, Workload } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';
import { carriesNew, kinds, plan, restarted, rotatingKeys, session, type Keys } from './planned.ts';

const single = (change: Partial<Workload> = {}) => given.backend({ verify: 'single', ...change });

const seenBy = (...used: string[]) => given.answers({ 'backend-0': given.attested({ uses: used.map((name) => given.use('new', name)) }) });

describe('a verifier that knows only its environment', () => {
  it('moves together with the presenters: waiting for one another would only cost requests', () => {
    const found = plan(given.snapshot({ keys: rotatingKeys, workloads: [single(), given.agent(), given.scanner()] }));
    expect(found.phase).toBe('Cutover');
    expect(restarted(found)).toEqual(['backend', 'agent', 'scanner']);
  });

  it('attests nothing: when everything has moved the older value is retired', () => {
    const workloads = [single({ stamps: carriesNew }), given.agent({ stamps: carriesNew })];
    const found = plan(given.snapshot({ keys: rotatingKeys, workloads, fresh: true }));
    expect(found.actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'Retired' }] }]);
  });

  it('proves nothing of a workload that opted out of restarts either: its new pod has moved', () => {
    const optedOut = given.scanner({ restartable: false });
    const workloads = [single({ stamps: carriesNew }), optedOut];
    const waitingFor = (createdAt: number) => {
      const pods = [given.podOf(workloads[0]!), given.podOf(optedOut, { createdAt, startedAt: createdAt })];
      return plan(given.snapshot({ keys: rotatingKeys, workloads, pods })).keys['service-token'];
    };
    expect(waitingFor(given.now - 3_600_000)).toMatchObject({ phase: 'Cutover', waitingFor: ['pod scanner-0 (Deployment/scanner), which holds an older value'] });
    expect(waitingFor(given.now - 1_000)).toMatchObject({ phase: 'Proving', waitingFor: ['a fresh read of the cluster'] });
  });

  it('gets no new encryption key: what is stored could not be read', () => {
    const keys: Keys = { 'encryption-key': given.record(['key']) };
    const sources = { encryption: given.source({ 'encryption-key': given.value('another') }) };
    const workloads = [single({ reads: ['encryption-key'] })];
    expect(plan(given.snapshot({ keys, sources, workloads })).actions).toMatchObject([
      { kind: 'WriteSource', source: 'encryption', values: { 'encryption-key': given.value('key') }, notices: [{ reason: 'PutBack' }] },
    ]);
  });
});

describe('when nothing older is accepted, as after a revocation', () => {
  it('all readers restart at once, without a debounce', () => {
    const accepted = [given.generation('new', { recordedAt: given.at(0) })];
    const keys: Keys = { 'service-token': given.record([], { accepted, committed: 'old', retired: [given.retired('old')] }), 'session-secret': session };
    const found = plan(given.snapshot({ keys }));
    expect(found.phase).toBe('Cutover');
    expect(restarted(found)).toEqual(['backend', 'agent', 'scanner']);
  });
});

describe('a workload that opted out of restarts', () => {
  const optedOut = given.scanner({ restartable: false });
  const workloads = [given.backend({ stamps: carriesNew }), optedOut];
  const pods = (change: Partial<Pod>) => [given.podOf(workloads[0]!), given.podOf(optedOut, change)];

  const startedBefore = (ms: number) => pods({ createdAt: given.now - ms, startedAt: given.now - ms });

  it('is not stamped, and its pod is a holder', () => {
    const found = plan(given.snapshot({ keys: rotatingKeys, workloads, pods: pods({}), answers: seenBy('scanner-0') }));
    expect(restarted(found)).toEqual([]);
    expect(found.keys['service-token']).toMatchObject({
      phase: 'Presenting',
      waitingFor: ['pod scanner-0 (Deployment/scanner), which holds an older value'],
    });
  });

  it('has moved when its new pod uses the target', () => {
    const young = pods({ createdAt: given.now - 1_000, startedAt: given.now - 1_000 });
    const found = plan(given.snapshot({ keys: rotatingKeys, workloads, pods: young, answers: seenBy('scanner-0'), fresh: true }));
    expect(found.actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'Retired' }] }]);
    expect(plan(given.snapshot({ keys: rotatingKeys, workloads, pods: young, answers: seenBy() })).phase).toBe('Presenting');
  });

  it('has moved after silence where nobody can tell its requests from those of others, as behind a service mesh', () => {
    const record = given.record([], { accepted: [given.generation('old'), given.generation('new', { recordedAt: given.at(-480_000) })] });
    const keys: Keys = { ...rotatingKeys, 'service-token': record };
    const proxied = [given.use('new', 'proxy'), given.use('old', 'proxy', given.now - 370_000)];
    const answers = given.answers({ 'backend-0': given.attested({ uses: proxied }) });
    expect(plan(given.snapshot({ keys, workloads, pods: startedBefore(359_999), answers })).phase).toBe('Presenting');
    const found = plan(given.snapshot({ keys, workloads, pods: startedBefore(360_000), answers, fresh: true }));
    expect(found.actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'Retired' }] }]);
  });
});

const keysOfRelease = (name: string, ms: number): Keys => ({
  'service-token': given.record([], { accepted: [given.generation(`${name}-old`), given.generation(`${name}-new`, { recordedAt: given.at(ms) })] }),
  'session-secret': session,
});

describe('a workload that reads the tokens of two releases, which rotate at the same time', () => {
  it.each([['before', -50_000], ['after', -20_000]])('is restarted once for each at most, where the second edit came %s the first restart', (_when, ms) => {
    let mirror = given.scanner({ name: 'mirror' });
    const restarts: string[] = [];
    const look = (release: string, recorded: number, now: number) => {
      const stamps = { 'service-token': `${release}-new` };
      const workloads = [given.backend({ stamps }), mirror];
      const answers = given.answers({ 'backend-0': given.attested({ accepted: [`${release}-old`, `${release}-new`] }) });
      const snapshot = given.snapshot({ keys: keysOfRelease(release, recorded), workloads, answers });
      for (const action of decide(snapshot, now, given.draw(), defaultSettings).actions) {
        if (action.kind !== 'Stamp') continue;
        mirror = { ...mirror, stamps: action.stamps, restartedAt: now };
        restarts.push(release);
      }
    };
    look('red', -60_000, given.now - 30_000);
    for (const round of [1, 2, 3]) {
      look('blue', ms, given.now + round);
      look('red', -60_000, given.now + round);
    }
    expect(restarts).toEqual(ms < -30_000 ? ['red'] : ['red', 'blue']);
  });

  it('is proved without a stamp of its own, like others that nobody stamps', () => {
    const mirror = given.scanner({ stamps: { 'service-token': 'of-another' }, restartedAt: given.now - 30_000 });
    const workloads = [given.backend({ stamps: carriesNew }), mirror];
    const retiring = (createdAt: number) => {
      const pods = [given.podOf(workloads[0]!), given.podOf(mirror, { createdAt, startedAt: createdAt })];
      return kinds(plan(given.snapshot({ keys: rotatingKeys, workloads, pods, answers: seenBy('scanner-0'), fresh: true })));
    };
    expect(retiring(given.now - 25_000)).toEqual(['WriteKeyring']);
    expect(retiring(given.now - 90_000)).toEqual([]);
  });
});

describe('a pod that is refused after the end of a rotation', () => {
  const keys: Keys = { 'service-token': given.record(['new']), 'session-secret': session };
  const refused = [{ reason: 'retired' as const, generation: 'old', address: 'ip-of-agent-0', count: 3, lastRefusedAt: given.at(-1_000) }];
  const answers = given.answers({ 'backend-0': given.attested({ accepted: ['new'], refused }) });

  it('is replaced, after that was recorded', () => {
    const found = plan(given.snapshot({ keys, answers }));
    expect(kinds(found)).toEqual(['WriteKeyring']);
    expect(found.phase).toBe('Proving');
    const recorded = { ...keys, 'service-token': given.record(['new'], { repairs: [{ uid: 'uid-agent-0', owner: 'DaemonSet/agent' }] }) };
    expect(plan(given.snapshot({ keys: recorded, answers }))).toMatchObject({ phase: 'Proving', actions: [{ kind: 'Evict', pod: { uid: 'uid-agent-0' } }] });
  });

  it.each([
    ['knows the value without its name', { accepted: [], unnamed: 1, uses: [{ ...given.use('', 'agent-0'), generation: null }] }],
    ['refuses it', { accepted: ['old'], refused: [{ ...refused[0]!, reason: 'unknown' as const, generation: undefined as never }] }],
  ])('stays where the verifier, as right after an adoption, has not heard of the target yet and %s', (_what, attested) => {
    expect(plan(given.snapshot({ keys, answers: given.answers({ 'backend-0': given.attested(attested) }) }))).toMatchObject({ phase: 'Stable', actions: [] });
  });
});
