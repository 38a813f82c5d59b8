import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../../operator/model/snapshot.ts';
import * as given from '../../../fixtures/given.ts';
import { plan, type Keys } from './planned.ts';

const attested = (accepted: string[], stored: Record<string, number>) =>
  given.answers({ 'backend-0': given.attested({ encryption: { accepted, stored } }) });

describe('an encryption key', () => {
  const keys: Keys = { 'encryption-key': given.rotating };
  const moved = [given.backend({ reads: ['encryption-key'], stamps: { 'encryption-key': 'new' } })];
  const at = (answers: Snapshot['answers'], fresh = true) => plan(given.snapshot({ keys, workloads: moved, answers, fresh }));

  it.each<[string, Snapshot['answers'], string, string]>([
    ['until the verifier has it', attested(['old'], {}), 'Verifying', 'verifier pod backend-0 to accept generation new'],
    ['of one that says nothing about keys', given.answers({ 'backend-0': given.attested() }), 'Verifying', 'verifier pod backend-0 to accept generation new'],
    ['while something is stored under it', attested(['old', 'new'], { old: 3, new: 1 }), 'Proving', 'verifier pod backend-0 to encrypt 3 stored values anew under new'],
  ])('stays %s', (_name, answers, phase, sentence) => {
    expect(at(answers).keys['encryption-key']).toEqual({ phase, waitingFor: [sentence] });
  });

  it('is retired when nothing is stored under it; what nobody can read does not count', () => {
    expect(at(attested(['old', 'new'], { new: 4, '': 1 })).actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'Retired' }] }]);
  });

  const contested: Keys = {
    'encryption-key': given.record([], {
      accepted: [given.generation('key'), given.generation('made', { origin: 'rendered', recordedAt: given.at(-60_000) })],
      target: 'key',
      contest: { count: 1, lastAt: given.at(-60_000) },
    }),
  };
  const ended = (stored: Record<string, number>) =>
    plan(given.snapshot({ keys: contested, workloads: moved, answers: attested(['key', 'made'], stored), fresh: true }));

  it('that a renderer made up ends when nothing is stored under it; nobody is restarted for it', () => {
    expect(ended({ key: 2, made: 1 })).toMatchObject({ phase: 'Contested', actions: [] });
    expect(ended({ key: 3 }).actions).toMatchObject([{ kind: 'WriteKeyring', notices: [{ reason: 'Retired' }] }]);
  });

  it('is never made up, and put back when it is lost', () => {
    const workloads = [given.backend({ reads: ['encryption-key'] })];
    expect(plan(given.snapshot({ keys: {}, sources: {}, workloads })).actions).toEqual([]);
    const committed: Keys = { 'encryption-key': given.record(['key']) };
    expect(plan(given.snapshot({ keys: committed, sources: {}, workloads })).actions).toMatchObject([
      { kind: 'WriteSource', source: 'encryption', resourceVersion: undefined, values: { 'encryption-key': given.value('key') } },
    ]);
  });
});
