import { describe, expect, it } from 'vitest';
import { holdable } from '../../../../operator/decide/holdable.ts';
import type { Pod, Snapshot } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';

/** Edited ten times a second for half a minute; the last one is the target. */
const count = 300;
const recordedAt = (index: number) => -30_000 + index * 100;
const accepted = Array.from({ length: count }, (_, index) =>
  given.generation(`g${index}`, {
    recordedAt: given.at(recordedAt(index)),
    ...(index < count - 1 && { replacedAt: given.at(recordedAt(index + 1)) }),
  }),
);
const record = given.record([], { accepted });

function kept(pods: readonly Pod[], change: Partial<Snapshot> = {}): string[] {
  const snapshot = given.snapshot({ keys: { 'service-token': record }, workloads: [], pods, ...change });
  return holdable('service-token', record, snapshot, given.now).map(({ name }) => name);
}

const lastFiveSeconds = accepted.slice(-50).map(({ name }) => name);

describe('many edits in a short time', () => {
  it('leave the committed value, the target, and what a pod may be starting with just now', () => {
    expect(kept([])).toEqual(['g0', ...lastFiveSeconds]);
  });

  it('leave what a pod may have started with, give or take a late kubelet', () => {
    const startedAt = given.now + recordedAt(100);
    const names = kept([given.pod('agent-0', { createdAt: startedAt, startedAt })]);
    expect(names).toEqual(['g0', ...accepted.slice(49, 151).map(({ name }) => name), ...lastFiveSeconds]);
  });

  it('leave of a pod that was seen to use its value only that one', () => {
    const startedAt = given.now + recordedAt(100);
    const answers = given.answers({ 'backend-0': given.attested({ uses: [given.use('g97', 'agent-0')] }) });
    const pods = [given.pod('backend-0', { role: 'verifier' }), given.pod('agent-0', { createdAt: startedAt, startedAt })];
    expect(kept(pods, { answers })).toEqual(['g0', 'g97', ...lastFiveSeconds]);
  });

  it('leave what a template or a pod carries as a stamp', () => {
    const stamps = { 'service-token': 'g123' };
    expect(kept([], { workloads: [given.backend({ stamps })] })).toContain('g123');
    expect(kept([given.pod('job-0', { stamps })])).toContain('g123');
  });
});

it('drops nothing of an ordinary rotation', () => {
  const few = given.record(Array.from({ length: 16 }, (_, index) => `g${index}`));
  expect(holdable('service-token', few, given.snapshot(), given.now)).toBe(few.accepted);
});
