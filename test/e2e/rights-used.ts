/** Rights as one line each, `verb resource name`: those a Role gives, and those that requests needed by the audit log. */
import type { V1PolicyRule } from '@kubernetes/client-node';
import type { AuditEvent } from '../../testbed/audit.ts';

const objectOf = (group: string, resource: string): string => (group ? `${group}/${resource}` : resource);

/** A rule without names gives the right for `*`. */
export const rightsOf = (rules: readonly V1PolicyRule[]): string[] =>
  rules.flatMap(({ apiGroups = [''], resources = [], resourceNames = ['*'], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => resourceNames.flatMap((name) => verbs.map((verb) => `${verb} ${objectOf(group, resource)} ${name}`))),
    ),
  );

/** The rights of `given` that the request used; none for what every account may do. */
export function usedBy({ verb, objectRef }: AuditEvent, given: ReadonlySet<string>): string[] {
  if (!objectRef) return [];
  const { apiGroup = '', resource, subresource, name } = objectRef;
  const object = objectOf(apiGroup, subresource === undefined ? resource : `${resource}/${subresource}`);
  return [`${verb} ${object} ${name}`, `${verb} ${object} *`].filter((right) => given.has(right));
}

export const isForbidden = ({ responseStatus }: AuditEvent): boolean => responseStatus?.code === 403;

/** For people: what was asked for, without its query. */
export const requestOf = ({ verb, requestURI }: AuditEvent): string => `${verb} ${requestURI.split('?')[0]}`;
