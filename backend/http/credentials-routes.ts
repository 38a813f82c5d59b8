/** How old the credentials are and how a rotation goes, for admins. There is nothing to write here. */
import type { FastifyRequest } from 'fastify';
import type { Attestation } from '../../shared/contract/attestation.ts';
import { Credentials, RotationStatus } from '../../shared/contract/credentials.ts';
import type { Scope } from './scope.ts';

export interface CredentialsRoutesDeps {
  /** What the operator says, as it was read; undefined where no operator is followed. */
  readonly rotation: { readonly document: unknown } | undefined;
  readonly attest: () => Promise<Attestation>;
}

export function credentialsRoutes(scope: Scope, { rotation, attest }: CredentialsRoutesDeps): void {
  scope.get('/api/admin/credentials', { schema: { response: { 200: Credentials } } }, async (request) => ({
    ...operatorOf(request, rotation),
    verifier: await attest(),
  }));
}

/** What the operator wrote is checked like what people send: it may be of another version. */
function operatorOf(request: FastifyRequest, rotation: CredentialsRoutesDeps['rotation']): Omit<Credentials, 'verifier'> {
  if (!rotation) return { operator: 'absent', status: null };
  const { document } = rotation;
  if (document === undefined) return { operator: 'silent', status: null };
  if (!request.validateInput(document, RotationStatus)) return { operator: 'unreadable', status: null };
  return { operator: 'present', status: document as RotationStatus };
}
