/** Values that a test can tell apart by a letter, valid as credentials, and of the form that renderers and Fernet keys have. */
import { createHash } from 'node:crypto';

const letters = new Map<string, string>();

/** 48 letters and digits. */
export function valueOf(letter: string): string {
  return remember(letter, `${letter}0`.padEnd(48, '123456789abcdefghijklmn'));
}

/** URL-safe base64 of 32 bytes. */
export function fernetKeyOf(letter: string): string {
  return remember(letter, `${createHash('sha256').update(letter).digest('base64url')}=`);
}

/** The letter of a value; one that no test chose was generated. */
export const letterOf = (value: string | undefined): string =>
  value === undefined ? 'nothing' : (letters.get(value) ?? 'generated');

function remember(letter: string, value: string): string {
  letters.set(value, letter);
  return value;
}
