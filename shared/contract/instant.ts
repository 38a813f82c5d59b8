/** A moment, as all routes but the attestation write it. */
import { Type } from 'typebox';

export const Instant = Type.String({ description: 'RFC 3339, UTC' });
