import { describe, expect, it } from 'vitest';
import { isOver, readDocument } from '../../../../operator/cli/status-document.ts';
import { givenStatus } from './given-status.ts';

const configMap = (data: Record<string, string>) => ({ metadata: { name: 'r-rotation', uid: 'u', resourceVersion: '1' }, data });

describe('the status document', () => {
  it('is read with the versions that it speaks of', () => {
    const data = { phase: 'Proving', bootstrapResourceVersion: '42', 'status.json': '{"phase":"Proving"}' };
    expect(readDocument(configMap(data))).toMatchObject({ phase: 'Proving', sources: { bootstrap: '42', encryption: '' }, workloads: [] });
  });

  it.each([
    ['an unknown phase', { phase: 'Dancing', 'status.json': '{}' }],
    ['no JSON', { phase: 'Stable', 'status.json': '{' }],
    ['nothing', {}],
  ])('with %s is refused, and the refusal says what to do', (_what, data) => {
    expect(() => readDocument(configMap(data as Record<string, string>))).toThrow('use the command line of the operator');
  });
});

describe('the end of a rotation', () => {
  it('is a Stable that speaks of the write or a later one', () => {
    expect(isOver(givenStatus(), 'service-token', '20')).toBe(true);
    expect(isOver(givenStatus(), 'service-token', '9')).toBe(true);
  });

  it('is not a Stable from before the write', () => {
    expect(isOver(givenStatus(), 'service-token', '21')).toBe(false);
    expect(isOver(givenStatus(), 'service-token', '100')).toBe(false);
  });

  it('is judged by the Secret that holds the key', () => {
    const key = givenStatus().keys['service-token']!;
    const status = givenStatus({ sources: { bootstrap: '90', encryption: '20' }, keys: { 'service-token': key, 'encryption-key': key } });
    expect(isOver(status, 'encryption-key', '50')).toBe(false);
    expect(isOver(status, 'service-token', '50')).toBe(true);
  });

  it('is not any other phase of the key', () => {
    const { keys } = givenStatus();
    const retiring = givenStatus({ phase: 'Retiring', keys: { ...keys, 'service-token': { ...keys['service-token']!, phase: 'Retiring' } } });
    expect(isOver(retiring, 'service-token', '20')).toBe(false);
  });

  it('is not held up by another key that is stuck, but by an edit that was just found', () => {
    expect(isOver(givenStatus({ phase: 'Stuck' }), 'service-token', '20')).toBe(true);
    expect(isOver(givenStatus({ phase: 'Debouncing' }), 'service-token', '20')).toBe(false);
  });
});
