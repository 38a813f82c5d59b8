/** What the access table says, in OpenAPI's words; the roles are those from which on a route is open. */
import type { Permission } from '../../backend/http/access.ts';

export const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: 'kure_session', description: 'a person who has logged in' },
  serviceToken: { type: 'apiKey', in: 'header', name: 'X-Service-Token', description: 'agent, scanner and operator' },
} as const;

type Demand = { readonly [scheme in keyof typeof securitySchemes]?: readonly string[] };

/** One of them is enough; none is needed where there is none. */
export function securityOf(permission: Permission): Demand[] {
  if (permission === 'public') return [];
  if (permission === 'service' || permission === 'onlooker') return [{ serviceToken: [] }];
  if (permission === 'service or read') return [{ serviceToken: [] }, { session: ['read'] }];
  return [{ session: [permission] }];
}
