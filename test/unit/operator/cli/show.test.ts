import { describe, expect, it } from 'vitest';
import { inSeconds, parseDuration, shortDuration } from '../../../../operator/cli/show/duration.ts';
import { historyLines } from '../../../../operator/cli/show/history.ts';
import { changes, picture, stepsWith } from '../../../../operator/cli/show/progress.ts';
import { statusLines } from '../../../../operator/cli/show/status.ts';
import { table } from '../../../../operator/cli/show/table.ts';
import { givenKey, givenStatus, givenWorkload, now, rotatingKey } from './given-status.ts';

const plain = (_style: string, text: string): string => text;
const release = { name: 'kure-monitor', namespace: 'kure-system' } as Parameters<typeof statusLines>[1];

describe('a table', () => {
  it('aligns text to the left and numbers to the right, without trailing spaces', () => {
    expect(table([['NAME', 'PODS', 'WHY'], ['agent', 12, ''], ['a', 3, 'b']])).toEqual(['NAME   PODS  WHY', 'agent    12', 'a         3  b']);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0s'],
    [59_999, '59s'],
    [200_000, '3m 20s'],
    [3_600_000, '1h'],
    [93_600_000, '1d 2h'],
  ])('of %i ms is shown as %s', (ms, text) => expect(shortDuration(ms)).toBe(text));

  it('is shown in tenths of a second while it runs', () => expect(inSeconds(10_349)).toBe('10.3 s'));

  it.each([
    ['90s', 90_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
  ])('of %s is read', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '15', '0s', '-3m', '1.5h', '15 m'])('is not read from "%s", and the error says how to write one', (text) => {
    expect(() => parseDuration(text)).toThrow('write it as 90s, 15m or 2h');
  });
});

describe('a status', () => {
  const rotating = givenStatus({
    phase: 'Presenting',
    keys: { 'service-token': rotatingKey() },
    workloads: [givenWorkload('DaemonSet/agent', { old: 2, new: 1, ready: 3, holders: ['agent-1', 'agent-2'] })],
    otherHolders: [{ pod: 'debug', owner: null, reads: ['service-token'] }],
    failures: ['Stamp failed: 403'],
  });
  const lines = statusLines(rotating, release, now, plain);

  it('begins with the release and the phase', () => expect(lines[0]).toBe('kure-monitor in kure-system: Presenting'));

  it('shows each accepted generation with its age, the target first', () => {
    expect(lines).toContain('service-token  gen-b       1m   being rolled out  kubectl-edit');
    expect(lines).toContain('               gen-a       2h   still accepted    kubectl-edit');
  });

  it('says what it waits for, who holds an older value, and what failed', () => {
    expect(lines).toContain('service-token, Presenting: waiting for DaemonSet/agent to restart');
    expect(lines).toContain('DaemonSet/agent  presenter    2    1      3  service-token');
    expect(lines).toContain('  agent-1  (DaemonSet/agent)');
    expect(lines).toContain('  debug  (no owner): nothing restarts it');
    expect(lines.at(-1)).toBe('Stamp failed: 403');
  });

  it('of an operator that is gone says how old it is', () => {
    const second = (['away', 'running', 'unknown'] as const).map((operator) => statusLines(givenStatus(), release, now + 60_000, plain, operator)[1]);
    expect(second).toEqual(['no operator runs for it: this is what the last one saw, 1m 30s ago', '', '']);
  });

  it('says how many holders it leaves out', () => {
    const workloads = [givenWorkload('DaemonSet/agent', { old: 5_000, holders: ['agent-1'] })];
    expect(statusLines({ ...rotating, workloads, moreHolders: 7 }, release, now, plain)).toEqual(
      expect.arrayContaining(['  agent-1  (DaemonSet/agent)', '  and 4999 more  (DaemonSet/agent)', '  debug  (no owner): nothing restarts it', '  and 7 more']),
    );
  });

  it('says what all keys wait for', () => {
    const lines = statusLines(givenStatus({ phase: 'Stuck', waitingFor: ['the keyring Secret to be restored'] }), release, now, plain);
    expect(lines).toContain('waiting for the keyring Secret to be restored');
  });

  it('names the step of a rotation that is stuck, and what was asked for', () => {
    const stuck = givenStatus({ phase: 'Stuck', requests: { pause: true, abort: 'gen-b' }, keys: { 'service-token': rotatingKey({ phase: 'Stuck', step: 'Proving' }) } });
    const text = statusLines(stuck, release, now, plain).join('\n');
    expect(text).toContain('Stuck in Proving: waiting for');
    expect(text).toContain('asked for: pause');
    expect(text).toContain('asked for: abort gen-b');
  });
});

describe('the progress of a rotation', () => {
  const before = givenStatus({ phase: 'Verifying', keys: { 'service-token': rotatingKey({ phase: 'Verifying', waitingFor: ['x'] }) } });

  it('is a line for a new phase and for each workload that moved', () => {
    const after = { ...before, phase: 'Presenting' as const, keys: { 'service-token': rotatingKey() }, workloads: [before.workloads[0]!, givenWorkload('DaemonSet/agent', { old: 1, ready: 2 })] };
    expect(changes(before, after, 'service-token')).toEqual([
      'Presenting  waiting for DaemonSet/agent to restart',
      '            DaemonSet/agent     old 1  new 1  ready 2',
    ]);
  });

  it('is a line for what it waits for now, where that is something else', () => {
    const after = { ...before, keys: { 'service-token': rotatingKey({ phase: 'Verifying', waitingFor: ['y'] }) } };
    expect(changes(before, after, 'service-token')).toEqual(['            waiting for y']);
    expect(changes(after, after, 'service-token')).toEqual([]);
  });

  it('says once what failed', () => {
    const stuck = { ...before, phase: 'Stuck' as const, failures: ['Stamp failed: a rule is missing'] };
    expect(changes(before, stuck, 'service-token')).toEqual(['            Stamp failed: a rule is missing']);
    expect(changes(stuck, stuck, 'service-token')).toEqual([]);
  });

  it('does not say Stable before the write is recorded', () => {
    const unrecorded = givenStatus({ phase: 'Debouncing', keys: { 'service-token': givenKey() } });
    expect(changes(undefined, unrecorded, 'service-token')).toEqual(['Debouncing']);
  });

  it('on a terminal shows how long each step took', () => {
    const steps = stepsWith(stepsWith(stepsWith([], 'Verifying', 0), 'Verifying', 1_000), 'Presenting', 4_500);
    const lines = picture(steps, { ...before, keys: { 'service-token': rotatingKey() } }, 'service-token', 6_000, plain);
    expect(lines.slice(0, 3)).toEqual(['  ✔ Verifying     4.5 s', '  ● Presenting    1.5 s', '      waiting for DaemonSet/agent to restart']);
  });
});

const entry = (generation: string, minute: number) => ({
  key: 'service-token' as const,
  generation,
  editedBy: 'kubectl-edit',
  startedAt: `2026-11-23T10:0${minute}:00.500Z`,
  committedAt: `2026-11-23T10:0${minute}:10.500Z`,
  workloads: ['Deployment/backend', 'DaemonSet/agent'],
});

describe('the history', () => {
  it('has the newest first, with duration and restarts', () => {
    expect(historyLines([entry('gen-a', 1), entry('gen-b', 2)]).slice(1)).toEqual([
      '2026-11-23T10:02:00Z  service-token  gen-b       kubectl-edit  10s          2',
      '2026-11-23T10:01:00Z  service-token  gen-a       kubectl-edit  10s          2',
    ]);
  });
});
