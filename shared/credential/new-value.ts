/** New values, from the platform's CSPRNG. They are written and never shown. */
import { randomBytes } from 'node:crypto';
import { customAlphabet } from 'nanoid';
import type { KeyName } from './keyring.ts';

/** 48 letters and digits, 285 bits, as the chart's own values. */
export const newLetters = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 48);

/** A Fernet key is the URL-safe Base64 of 32 bytes, padded (github.com/fernet/spec). */
const fernetKey = (): string => `${randomBytes(32).toString('base64url')}=`;

export const newValue = (key: KeyName): string => (key === 'encryption-key' ? fernetKey() : newLetters());
