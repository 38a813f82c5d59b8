/** Random tokens that are given out once and stored as hashes. */
import { hash, randomBytes } from 'node:crypto';

/** 32 random bytes in the alphabet of URLs. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** There is nothing to guess in a random token, so a plain hash will do. */
export const tokenHash = (token: string): string => hash('sha256', token, 'base64url');
