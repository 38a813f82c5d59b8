import { expect, it } from 'vitest';
import { judge, type Case } from '../../../../operator/decide/judge.ts';
import * as given from '../../../fixtures/given.ts';

const record = given.record(['old', 'new'], { retired: [given.retired('gone')] });
const plain: Omit<Case, 'value'> = { others: [], record, isBlindRender: false, hasRenderMark: false, isByHelm: false, unwanted: undefined };
const judged = (value: string, others: readonly string[] = []) => judge({ ...plain, value, others });

it.each([
  ['an unknown value', given.value('unknown')],
  ['a value that is still accepted: an undo', given.value('old')],
])('takes %s as an edit', (_name, value) => {
  expect(judged(value)).toEqual({ verdict: 'edit' });
});

it('puts the target back where Helm wrote a value that is still accepted: a rollback is no undo', () => {
  const judgement = judge({ ...plain, value: given.value('old'), isByHelm: true });
  expect(judgement).toEqual({ verdict: 'putBack', because: 'Helm brought it back from old' });
});

const withRendered = given.record([], {
  accepted: [given.generation('old'), given.generation('made', { origin: 'rendered' })],
  target: 'old',
});

it.each([
  ['contests it while the mark fits', { isBlindRender: true, hasRenderMark: true }, { verdict: 'contested' }],
  ['puts the target back where the mark fits no more: another key was edited', { hasRenderMark: true }, { verdict: 'putBack', because: 'a renderer made it up' }],
  ['takes it as an edit without the mark: somebody wants it after all', {}, { verdict: 'edit' }],
])('of an accepted value that a renderer made up: %s', (_name, mark, expected) => {
  expect(judge({ ...plain, ...mark, value: given.value('made'), record: withRendered })).toEqual(expected);
});

it('puts the target back for a retired value, and names the generation', () => {
  expect(judged(given.value('gone'))).toEqual({
    verdict: 'putBack',
    because: `it was retired as gone at ${record.retired[0]!.retiredAt}`,
  });
});

it('puts the target back for an invalid value, and never repeats it', () => {
  const judgement = judged('short-and-secret');
  expect(judgement).toEqual({ verdict: 'putBack', because: 'it is shorter than 32 characters' });
  expect(JSON.stringify(judgement)).not.toContain('short-and-secret');
});

it('takes an undo to a value that was adopted as it was found, however short', () => {
  const adopted = given.record([], { accepted: [given.generation('old', { value: 'short', origin: 'adopted' }), given.generation('new')] });
  expect(judge({ ...plain, value: 'short', record: adopted })).toEqual({ verdict: 'edit' });
});

it('puts the target back for the value of the other key', () => {
  expect(judged(given.value('session'), [given.value('session')])).toMatchObject({ verdict: 'putBack' });
});

it('calls a value that is both invalid and retired invalid: the first rule that hits speaks', () => {
  const record = given.record(['new'], { retired: [{ ...given.retired('gone'), value: 'short' }] });
  expect(judge({ ...plain, value: 'short', record })).toMatchObject({ because: 'it is shorter than 32 characters' });
});
