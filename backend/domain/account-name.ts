/** Names of accounts: trimmed before anything else, and the same whatever their case. */
import { Declined } from './declined.ts';

const minLength = 3;
const maxLength = 64;

export interface AccountName {
  readonly username: string;
  /** What makes it unique. */
  readonly foldedName: string;
}

export function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** Throws Declined. */
export function accountName(given: string): AccountName {
  const username = given.normalize('NFC').trim();
  if (username.length < minLength || username.length > maxLength) {
    throw new Declined('invalid', `The username must have ${minLength} to ${maxLength} characters`);
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(username)) {
    throw new Declined('invalid', 'The username must not have invisible characters');
  }
  return { username, foldedName: foldName(username) };
}
