import { describe, expect, it } from 'vitest';
import { abortable, acceptable, retirable } from '../../../../operator/cli/candidates.ts';
import { givenGeneration, givenKey, givenStatus, rotatingKey } from './given-status.ts';

const both = givenStatus({ keys: { 'service-token': rotatingKey(), 'session-secret': rotatingKey({ target: 'ses-b', committed: 'ses-a', accepted: [givenGeneration('ses-a'), givenGeneration('ses-b')] }) } });

describe('abort', () => {
  it('names the target that is being rolled out', () => {
    const status = givenStatus({ keys: { 'service-token': rotatingKey(), 'session-secret': givenKey() } });
    expect(abortable(status, undefined)).toEqual({ key: 'service-token', generation: 'gen-b', target: 'gen-b' });
  });

  it('is refused while nothing is under way', () => {
    expect(() => abortable(givenStatus(), undefined)).toThrow('nothing to abort');
    expect(() => abortable(both, 'encryption-key')).toThrow('no rotation of encryption-key');
  });

  it('asks which one where two keys rotate', () => {
    expect(() => abortable(both, undefined)).toThrow('name one: service-token, session-secret');
    expect(abortable(both, 'session-secret').generation).toBe('ses-b');
  });

  it('is refused once the value before is retired', () => {
    const retired = rotatingKey({ accepted: [givenGeneration('gen-b')] });
    expect(() => abortable(givenStatus({ keys: { 'service-token': retired } }), undefined)).toThrow('retired already');
  });
});

describe('accept', () => {
  const rendered = givenKey({
    accepted: [givenGeneration('gen-o'), givenGeneration('gen-a'), givenGeneration('ren-1', { origin: 'rendered' }), givenGeneration('gen-z')],
  });
  const contested = givenStatus({ phase: 'Contested', keys: { 'service-token': rendered } });

  it('names the rendered value that was put back', () => {
    expect(acceptable(contested, undefined)).toEqual({ key: 'service-token', generation: 'ren-1', target: 'gen-a' });
    expect(acceptable(contested, 'ren-1').generation).toBe('ren-1');
  });

  it('is refused for anything else, and lists what there is', () => {
    expect(() => acceptable(contested, 'gen-o')).toThrow('there is: ren-1 (service-token)');
    expect(() => acceptable(givenStatus(), undefined)).toThrow('nothing to accept');
  });
});

describe('retire', () => {
  const status = givenStatus({ keys: { 'service-token': rotatingKey() } });

  it('names an older generation that is still accepted', () => {
    expect(retirable(status, 'gen-a')).toMatchObject({ key: 'service-token', generation: 'gen-a' });
  });

  it('is refused for the target and for what is not there', () => {
    expect(() => retirable(status, 'gen-b')).toThrow('is the one in force');
    expect(() => retirable(status, 'gen-x')).toThrow('there is: gen-a (service-token)');
  });
});
