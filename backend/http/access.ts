/** Who may call what: every route has its row, and one without a row cannot be registered. */
import type { Role } from '../../shared/contract/accounts.ts';

/**
 * `service` is the service token, `onlooker` the same but not booked as a use. A role stands for itself and those above
 * it (read, write, admin). What is not in the URL is not looked at: everybody of a role may do the same.
 */
export type Permission = 'public' | 'service' | 'onlooker' | Role | 'service or read';

export const access = {
  'GET /health': 'public',
  'GET /ready': 'public',
  'GET /metrics': 'public',
  'GET /*': 'public',
  'GET /api/openapi.json': 'public',

  'GET /api/auth/status': 'public',
  'GET /api/auth/setup-required': 'public',
  'POST /api/auth/signup': 'public',
  'POST /api/auth/setup': 'public',
  'POST /api/auth/login': 'public',
  'POST /api/auth/logout': 'public',
  'GET /api/auth/invitation/:token': 'public',
  'POST /api/auth/accept-invitation': 'public',
  'POST /api/auth/reset-password': 'public',
  'GET /api/auth/me': 'read',
  'POST /api/auth/change-password': 'read',
  'GET /api/auth/sessions': 'read',
  'DELETE /api/auth/sessions': 'read',
  'DELETE /api/auth/sessions/:id': 'read',

  'POST /api/pods/failed': 'service',
  'POST /api/pods/dismiss-deleted': 'service',
  'POST /api/security/findings': 'service',
  'POST /api/security/scan/clear': 'service',
  'POST /api/security/rescan-status': 'service',
  'DELETE /api/security/findings/resource/:type/:namespace/:name': 'service',
  'POST /api/metrics/security-scan-duration': 'service',
  'GET /api/bootstrap/attestation': 'onlooker',

  'GET /api/pods/failed': 'service or read',
  'GET /api/security/findings': 'service or read',
  'GET /api/admin/excluded-pods': 'service or read',
  'GET /api/admin/excluded-namespaces': 'service or read',
  'GET /api/admin/excluded-rules': 'service or read',
  'GET /api/admin/trusted-registries': 'service or read',

  'GET /api/pods/ignored': 'read',
  'GET /api/pods/history': 'read',
  'DELETE /api/pods/failed/:id': 'write',
  'PUT /api/pods/ignored/:id/restore': 'write',
  'PATCH /api/pods/failed/:id/status': 'write',
  'DELETE /api/pods/records/:id': 'write',
  'GET /api/pods/:namespace/:pod/manifest': 'read',
  'GET /api/pods/:namespace/:pod/logs': 'read',
  'POST /api/pods/failed/:id/retry-solution': 'write',
  'POST /api/pods/failed/:id/troubleshoot': 'write',

  'GET /api/security/findings/dismissed': 'read',
  'GET /api/security/findings/:id/manifest': 'read',
  'DELETE /api/security/findings/:id': 'write',
  'PUT /api/security/findings/:id/restore': 'write',
  'POST /api/security/findings/:id/fix': 'write',
  'POST /api/security/rescan': 'write',

  'POST /api/admin/excluded-pods': 'write',
  'DELETE /api/admin/excluded-pods/:name': 'write',
  'POST /api/admin/excluded-namespaces': 'write',
  'DELETE /api/admin/excluded-namespaces/:name': 'write',
  'POST /api/admin/excluded-rules': 'write',
  'DELETE /api/admin/excluded-rules/:name': 'write',
  'POST /api/admin/trusted-registries': 'write',
  'DELETE /api/admin/trusted-registries/:name': 'write',
  'GET /api/admin/namespaces': 'write',
  'GET /api/admin/rule-titles': 'write',
  'GET /api/admin/monitored-pods': 'write',

  'GET /api/config': 'read',
  'GET /api/admin/settings/history-retention': 'read',
  'PUT /api/admin/settings/history-retention': 'write',
  'GET /api/admin/settings/ignored-retention': 'read',
  'PUT /api/admin/settings/ignored-retention': 'write',
  'GET /api/admin/settings/mirror-ttl': 'read',
  'PUT /api/admin/settings/mirror-ttl': 'write',

  'GET /api/admin/llm/status': 'admin',
  'POST /api/admin/llm/config': 'admin',
  'DELETE /api/admin/llm/config': 'admin',
  'POST /api/admin/llm/test': 'admin',
  'GET /api/admin/notifications': 'admin',
  'POST /api/admin/notifications': 'admin',
  'PUT /api/admin/notifications/:provider': 'admin',
  'DELETE /api/admin/notifications/:provider': 'admin',
  'POST /api/admin/notifications/:provider/test': 'admin',

  'GET /api/admin/credentials': 'admin',

  'GET /api/admin/users': 'admin',
  'PATCH /api/admin/users/:id': 'admin',
  'DELETE /api/admin/users/:id': 'admin',
  'POST /api/admin/users/:id/reset-password': 'admin',
  'GET /api/admin/invitations': 'admin',
  'POST /api/admin/invitations': 'admin',
  'DELETE /api/admin/invitations/:id': 'admin',
} as const satisfies Readonly<Record<string, Permission>>;

/** Throws for a route without a row. */
export function permissionFor(method: string, url: string): Permission {
  const row = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  const permission = (access as Readonly<Record<string, Permission>>)[row];
  if (permission === undefined) throw new Error(`${row} has no row in the access table`);
  return permission;
}
