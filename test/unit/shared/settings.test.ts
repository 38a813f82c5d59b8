import { expect, it } from 'vitest';
import { SettingsError, SettingsReader } from '../../../shared/settings.ts';

const secret = 'a-value-that-must-not-be-said';

function mistakesOf(read: () => unknown): SettingsError {
  try {
    read();
  } catch (error) {
    if (error instanceof SettingsError) return error;
  }
  throw new Error('no SettingsError was thrown');
}

it('takes what is there and falls back for what is unset or empty', () => {
  const reader = new SettingsReader({ TEXT: 'text', COUNT: '7', FLAG: 'TRUE', CHOICE: 'b', EMPTY: '' });
  expect([reader.text('TEXT', 'x'), reader.text('EMPTY', 'x'), reader.required('TEXT')]).toEqual(['text', 'x', 'text']);
  expect([reader.integer('COUNT', 1, { min: 7, max: 7 }), reader.integer('EMPTY', 1, { min: 0, max: 9 })]).toEqual([7, 1]);
  expect([reader.boolean('FLAG', false), reader.boolean('EMPTY', true)]).toEqual([true, true]);
  expect([reader.oneOf('CHOICE', 'a', ['a', 'b']), reader.oneOf('EMPTY', 'a', ['a', 'b'])]).toEqual(['b', 'a']);
  expect(reader.optional('EMPTY')).toBeUndefined();
  reader.done();
});

it.each(['7.5', 'seven', '-1', '11', '0x', 'NaN', 'Infinity'])('does not take %s for a whole number from 0 to 10', (text) => {
  const reader = new SettingsReader({ COUNT: text });
  expect(reader.integer('COUNT', 5, { min: 0, max: 10 })).toBe(5);
  expect(mistakesOf(() => reader.done()).mistakes).toEqual(['COUNT must be a whole number from 0 to 10']);
});

it('reports all mistakes at once, by name, and never a value', () => {
  const reader = new SettingsReader({ COUNT: secret, FLAG: secret, CHOICE: secret });
  reader.required('MISSING');
  reader.integer('COUNT', 1, { min: 0, max: 9 });
  reader.boolean('FLAG', false);
  reader.oneOf('CHOICE', 'a', ['a', 'b']);
  reader.mistake('the program saw one itself');
  const error = mistakesOf(() => reader.done());
  expect(error.mistakes.map((sentence) => sentence.split(' ')[0])).toEqual(['MISSING', 'COUNT', 'FLAG', 'CHOICE', 'the']);
  expect(error.message).toMatch(/^the settings have mistakes: /);
  expect(error.message).not.toContain(secret);
});
