import { describe, expect, it } from 'vitest';
import { acceptanceGaps, exactAcceptanceGaps, proofGaps } from '../../../../operator/decide/proof.ts';
import { defaultSettings } from '../../../../operator/model/plan.ts';
import type { Answer, Pod } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

const silenceMs = 360_000;
const minute = 60_000;
const presenter = (change: Partial<Pod> = {}) => given.pod('agent-0', change);
const unstarted = (age: number) => presenter({ startedAt: undefined, createdAt: given.now - age });
const verifier = (name: string, change: Partial<Pod> = {}) => given.pod(name, { role: 'verifier', ...change });

function proof(pods: readonly Pod[], ...found: readonly Answer[]): string[] {
  const answers = given.answers(Object.fromEntries(found.map((answer, index) => [`backend-${index}`, answer])));
  const snapshot = given.snapshot({ pods: [verifier('backend-0'), ...pods], answers });
  return proofGaps({ snapshot, record: given.rotating, now: given.now, settings: { ...defaultSettings, silenceMs } }).map(({ what }) => what);
}

const recent = (...uses: ReturnType<typeof given.use>[]) => given.attested({ startedAt: given.at(-minute), uses });

describe('a presenter pod is proved', () => {
  it('by a use of the target from its address, with any verifier', () => {
    expect(proof([presenter()], recent(), recent(given.use('new', 'agent-0')))).toEqual([]);
  });

  it('not by a use before its youngest container started', () => {
    const use = given.use('new', 'agent-0', given.now - 10_000);
    expect(proof([presenter({ startedAt: given.now - 9_999 })], recent(use))).toEqual(['pod agent-0 to use generation new']);
    expect(proof([presenter({ startedAt: given.now - 10_000 })], recent(use))).toEqual([]);
  });

  it('not where another value came from its address since: in the second of its start the address was another one\'s', () => {
    const [startedAt, before, after] = [given.now - 10_000, given.now - 9_600, given.now - 9_300];
    const uses = [given.use('new', 'agent-0', before), given.use('old', 'agent-0', after)];
    expect(proof([presenter({ startedAt })], recent(...uses))).toEqual(['pod agent-0 to use generation new']);
    expect(proof([presenter({ startedAt })], recent(...uses), recent(given.use('new', 'agent-0', after)))).toEqual([]);
  });

  it.each([
    ['of an older generation', given.use('old', 'agent-0')],
    ['from another address', given.use('new', 'agent-1')],
  ])('not by a use %s', (_name, use) => {
    expect(proof([presenter()], recent(use))).toEqual(['pod agent-0 to use generation new']);
  });

  it('by a use from whichever of its two addresses; a shared one makes it nobody\'s', () => {
    const dual = given.pod('agent-0', { addresses: ['10.0.0.7', 'ip-of-agent-0'] });
    const uses = recent(given.use('new', 'agent-0'));
    expect(proof([dual], uses)).toEqual([]);
    expect(proof([dual, given.pod('agent-1', { addresses: ['ip-of-agent-0'] })], uses)).toHaveLength(2);
  });

  it('each for itself: the others are named', () => {
    expect(proof([presenter(), given.pod('agent-1'), given.pod('agent-2', { addresses: [] })], recent(given.use('new', 'agent-0')))).toEqual([
      'pod agent-1 to use generation new',
      'pod agent-2 to use generation new',
    ]);
  });

  it('without a container that runs: it holds nothing', () => {
    expect(proof([presenter({ startedAt: undefined })], recent())).toEqual([]);
  });

  it('not while its first container may be starting', () => {
    expect(proof([unstarted(59_999)], recent())).toEqual(['pod agent-0 to use generation new']);
    expect(proof([unstarted(60_000)], recent())).toEqual([]);
  });

  it('if it does not read the service token, or is a verifier', () => {
    expect(proof([presenter({ reads: ['session-secret'] }), verifier('backend-1')], recent())).toEqual([]);
  });
});

it('looks at the addresses of thousands of pods a few times each, and not at those of all for each', () => {
  let looks = 0;
  const counted = (name: string): Pod => Object.defineProperty(given.pod(name), 'addresses', { get: () => [`ip-of-${name}`].slice(0, (looks += 1)) });
  const names = Array.from({ length: 1_000 }, (_, index) => `agent-${index}`);
  expect(proof(names.map(counted), recent(...names.map((name) => given.use('new', name))))).toEqual([]);
  expect(looks).toBeLessThan(10 * names.length);
});

const long = (...uses: ReturnType<typeof given.use>[]) => given.attested({ startedAt: given.at(-30 * minute), uses });

describe('silence', () => {
  const unproved = ['pod agent-0 to use generation new'];

  it('of six minutes proves a pod that no verifier has seen', () => {
    expect(proof([presenter()], long(given.use('old', 'elsewhere', given.now - silenceMs)))).toEqual([]);
  });

  it('is broken by one use of an older generation, from wherever, with whichever verifier', () => {
    const broken = long(given.use('old', 'elsewhere', given.now - silenceMs + 1));
    expect(proof([presenter()], broken)).toEqual(unproved);
    expect(proof([presenter()], long(), broken)).toEqual(unproved);
    expect(proof([presenter()], long(given.use('even-older', 'elsewhere')))).toEqual(unproved);
  });

  it('is not broken by uses of the target', () => {
    expect(proof([presenter()], long(given.use('new', 'elsewhere')))).toEqual([]);
  });

  it('counts from the start of the youngest verifier', () => {
    const young = given.attested({ startedAt: given.at(-silenceMs + 1) });
    expect(proof([presenter()], long(), young)).toEqual(unproved);
    expect(proof([presenter()], long(), given.attested({ startedAt: given.at(-silenceMs) }))).toEqual([]);
  });

  it('counts from the start of the pod itself: one that has just started has not been silent', () => {
    expect(proof([presenter({ startedAt: given.now - silenceMs + 1 })], long())).toEqual(unproved);
    expect(proof([presenter({ startedAt: given.now - silenceMs })], long())).toEqual([]);
  });

  it('of nobody at all proves nothing', () => {
    expect(proof([presenter()])).toEqual(unproved);
    expect(proof([presenter()], { failure: 'timeout' })).toEqual(unproved);
  });
});

describe.each([
  ['acceptance', acceptanceGaps, ['old', 'new'], ['old'], 'to accept generation new'],
  ['exact acceptance', exactAcceptanceGaps, ['new'], ['old', 'new'], 'to accept no generation but new'],
] as const)('%s', (_name, gaps, enough, lacking, sentence) => {
  const ask = (pods: readonly Pod[], found: Readonly<Record<string, Answer>>) =>
    gaps(given.snapshot({ pods, answers: given.answers(found) }), 'service-token', 'new').map(({ what }) => what);
  const good = given.attested({ accepted: [...enough] });

  it('holds when every ready verifier says so', () => {
    expect(ask([verifier('backend-0'), verifier('backend-1')], { 'backend-0': good, 'backend-1': good })).toEqual([]);
  });

  it.each<[string, Answer | undefined, string]>([
    ['says otherwise', given.attested({ accepted: [...lacking] }), sentence],
    ['does not answer', { failure: 'timeout' }, 'to answer (timeout)'],
    ['has not been asked', undefined, 'to be asked'],
  ])('is held up, by name, by one that %s', (_name, answer, expected) => {
    const found = { 'backend-0': good, ...(answer && { 'backend-1': answer }) };
    expect(ask([verifier('backend-0'), verifier('backend-1')], found)).toEqual([`verifier pod backend-1 ${expected}`]);
  });

  it.each([
    ['there is none', []],
    ['none is ready', [verifier('backend-0', { ready: false })]],
    ['all are terminating', [verifier('backend-0', { terminating: true })]],
    ['none reads the service token', [verifier('backend-0', { reads: ['session-secret'] })]],
  ])('is not success where %s', (_name, pods) => {
    expect(ask(pods, {})).toEqual(['a ready verifier: there is none']);
  });
});

it.each([[['old'], 1], [[], 1], [['new', 'newer'], 1], [['new'], 0]])('acceptance of %j is exact but for %i verifiers', (accepted, gaps) => {
  const answers = given.answers({ 'backend-0': given.attested({ accepted }) });
  expect(exactAcceptanceGaps(given.snapshot({ answers }), 'service-token', 'new')).toHaveLength(gaps);
});
