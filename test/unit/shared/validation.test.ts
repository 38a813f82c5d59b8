import { expect, it } from 'vitest';
import { whyInvalid } from '../../../shared/credential/validation.ts';

const good = 'abcdefghijklmnopqrstuvwxyz012345';

it.each([
  ['the shortest one', good],
  ['the longest one', good.repeat(16)],
  ['any printable character', `!"#$%&'()*+,-./:;<=>?@[]^_{|}~\\\`Az09`],
  ['a placeholder word that stands further behind', `${good}changeme`],
])('takes %s', (_name, value) => {
  expect(whyInvalid(value)).toBeUndefined();
});

it.each([
  ['', 'it is empty'],
  [`${good}\n`, 'it ends in a line break (use `echo -n` or `printf` when you encode it)'],
  [`${good}\r\n`, 'it ends in a line break (use `echo -n` or `printf` when you encode it)'],
  [`${good} ${good}`, 'it has characters other than printable ASCII without spaces'],
  [`${good}\n${good}`, 'it has characters other than printable ASCII without spaces'],
  [`${good}\t`, 'it has characters other than printable ASCII without spaces'],
  [`${good}ä`, 'it has characters other than printable ASCII without spaces'],
  [`${good}\u007f`, 'it has characters other than printable ASCII without spaces'],
  [good.slice(1), 'it is shorter than 32 characters'],
  [`${good.repeat(16)}x`, 'it is longer than 512 characters'],
  [`changeme-${good}`, 'it looks like a placeholder'],
  [`Change-Me-${good}`, 'it looks like a placeholder'],
  [`replace-me-${good}`, 'it looks like a placeholder'],
  [`your-token-${good}`, 'it looks like a placeholder'],
  [`example-${good}`, 'it looks like a placeholder'],
  [`xxxx-${good}`, 'it looks like a placeholder'],
  ['a'.repeat(40), 'it looks like a placeholder'],
])('says of %j: %s, and never repeats the value', (value, sentence) => {
  const said = whyInvalid(value);
  expect(said).toBe(sentence);
  expect(said?.includes(value.trim() || 'nothing to repeat')).toBe(false);
});

it('refuses the value of another key', () => {
  expect(whyInvalid(good, [good])).toBe('it is the same as the value of another key');
  expect(whyInvalid(good, [`${good}x`])).toBeUndefined();
});
