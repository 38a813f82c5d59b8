/** `GET /api/bootstrap/attestation`: a live verifier's own answer about the service token. No values, only names. */
import * as Type from 'typebox';

const Address = Type.String({ description: 'IP address of the connection, without a port' });
const Instant = Type.String({ description: 'RFC 3339, UTC, milliseconds' });

const Source = Type.Object({
  address: Address,
  count: Type.Integer({ minimum: 1 }),
  lastUsedAt: Instant,
});

export const Use = Type.Object({
  generation: Type.Union([Type.String(), Type.Null()], { description: 'null: an accepted value without a name' }),
  count: Type.Integer({ minimum: 1 }),
  lastUsedAt: Instant,
  sources: Type.Array(Source),
});

export const Refusal = Type.Object({
  reason: Type.Union([Type.Literal('missing'), Type.Literal('unknown'), Type.Literal('retired')]),
  generation: Type.Optional(Type.String({ description: 'only for a retired one' })),
  address: Address,
  count: Type.Integer({ minimum: 1 }),
  lastRefusedAt: Instant,
});

/** What is stored under the encryption keys. */
export const Encryption = Type.Object({
  accepted: Type.Array(Type.String(), { description: 'names of the encryption-key generations it can decrypt with' }),
  stored: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
    description: 'stored values by the generation that they are encrypted under; the empty name: under none that the keyring names',
  }),
});

export const Attestation = Type.Object({
  instance: Type.String({ description: 'a new name at every process start' }),
  startedAt: Instant,
  now: Instant,
  accepted: Type.Array(Type.String(), { description: 'names of the accepted generations, oldest first' }),
  unnamed: Type.Integer({ minimum: 0, description: 'accepted values that the keyring has no name for yet' }),
  uses: Type.Array(Use),
  refused: Type.Array(Refusal),
  encryption: Type.Optional(Encryption),
});

export type Use = Type.Static<typeof Use>;
export type Refusal = Type.Static<typeof Refusal>;
export type Encryption = Type.Static<typeof Encryption>;
export type Attestation = Type.Static<typeof Attestation>;

export const attestationPath = '/api/bootstrap/attestation';
