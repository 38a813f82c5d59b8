/**
 * Who owns the values of a Secret that Helm manages, by `metadata.managedFields`. Pure.
 *
 * A value that somebody else owns makes the next server-side `helm upgrade` or `helm rollback` fail with a conflict.
 */
import type { ManagedFieldsEntry, Secret } from '../../shared/kube/objects.ts';
import { isHelm } from '../model/names.ts';
import type { Release } from '../model/release.ts';
import type { Ownership } from '../model/snapshot.ts';

/** Helm 4 owns the second where a chart uses `stringData`, although the API server never stores it. */
const valueFields = ['f:data', 'f:stringData'];

/** Undefined where Helm alone owns values, or the Secret is not one of this Helm release. */
export function ownershipOf({ metadata }: Secret, release: Release): Ownership | undefined {
  const { labels = {}, annotations = {}, managedFields = [] } = metadata;
  if (labels['app.kubernetes.io/managed-by'] !== 'Helm' || annotations['meta.helm.sh/release-name'] !== release.name) return undefined;
  const others = managedFields.filter((entry) => !isHelm(entry.manager) && ownsValues(entry));
  const cleaned = managedFields.flatMap((entry) => (others.includes(entry) ? withoutValues(entry) : [entry]));
  // An empty list would make the API server forget Helm's ownership of everything else, too.
  if (others.length === 0 || cleaned.length === 0) return undefined;
  return { managers: [...new Set(others.map(({ manager = '' }) => manager))], cleaned };
}

const ownsValues = ({ fieldsV1 = {} }: ManagedFieldsEntry): boolean => valueFields.some((field) => field in fieldsV1);

/** Nothing for an entry that owns nothing else. */
function withoutValues(entry: ManagedFieldsEntry): ManagedFieldsEntry[] {
  const fields = Object.entries(entry.fieldsV1 ?? {}).filter(([field]) => !valueFields.includes(field));
  return fields.length === 0 ? [] : [{ ...entry, fieldsV1: Object.fromEntries(fields) }];
}
