/** Seals a secret that is about to be stored. */
import { Declined } from './declined.ts';
import { NoEncryptionKey, type EncryptionKeys } from './encryption-keys.ts';

/** Throws Declined where there is no key to encrypt with. */
export function seal(keys: EncryptionKeys, text: string): string {
  try {
    return keys.seal(text);
  } catch (error) {
    if (!(error instanceof NoEncryptionKey)) throw error;
    throw new Declined('unavailable', 'There is no encryption key, so nothing was saved. Set ENCRYPTION_KEY, or let the operator record one');
  }
}
