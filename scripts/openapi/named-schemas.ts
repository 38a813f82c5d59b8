/** The contract's objects under their names, so that each is in the document once. */
import { IsObject, type TSchema } from 'typebox';
import * as accounts from '../../shared/contract/accounts.ts';
import * as administration from '../../shared/contract/administration.ts';
import * as attestation from '../../shared/contract/attestation.ts';
import * as credentials from '../../shared/contract/credentials.ts';
import * as pods from '../../shared/contract/pods.ts';
import * as problem from '../../shared/contract/problem.ts';
import * as security from '../../shared/contract/security.ts';
import * as suppressions from '../../shared/contract/suppressions.ts';

const names = new Map<unknown, string>();
for (const module of [accounts, administration, attestation, credentials, pods, problem, security, suppressions]) {
  for (const [name, value] of Object.entries(module)) if (IsObject(value)) names.set(value, name);
}

/** To be added to an app; what they have of one another is a reference. */
export const namedSchemas = [...names]
  .map(([schema, $id]) => ({ $id, ...withoutNested(schema as TSchema) }))
  .toSorted((a, b) => (a.$id < b.$id ? -1 : 1));

/** The same with a reference wherever a schema has a name. */
export function referring(value: unknown): unknown {
  const name = names.get(value);
  return name === undefined ? withoutNested(value) : { $ref: `${name}#` };
}

function withoutNested<T>(value: T): T {
  if (Array.isArray(value)) return value.map(referring) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, referring(inner)])) as T;
}
