/** What Helm remembers of the release: which chart, and which values were set. Helm keeps it in a Secret. */
import { gunzipSync } from 'node:zlib';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath, secretEntry, type Secret } from '../../../shared/kube/objects.ts';
import type { Release } from '../../model/release.ts';
import { ifReadable } from '../optional.ts';

export interface HelmRelease {
  /** As `kure-monitor-0.1.0`. */
  readonly chart: string;
  /** Dotted names of the values that were set; the values themselves are not kept. */
  readonly set: readonly string[];
  readonly operatorEnabled: boolean;
  /** `operator.extraWorkloads`, as `deployment/name`. */
  readonly extraWorkloads: readonly string[];
}

interface Document {
  readonly chart?: { readonly metadata?: { readonly name?: string; readonly version?: string } };
  readonly config?: Readonly<Record<string, unknown>>;
}

export async function readHelmRelease(client: KubeClient, { namespace, name }: Release): Promise<HelmRelease | undefined> {
  const labelSelector = `owner=helm,status=deployed,name=${name}`;
  const secrets = await ifReadable(client.get<{ items: Secret[] }>(collectionPath('secrets', namespace), { labelSelector }));
  return decode(secretEntry(secrets?.items[0], 'release'));
}

/** Base64 of gzip of JSON (helm.sh/helm/v4, pkg/storage/driver/util.go). */
export function decode(release: string | undefined): HelmRelease | undefined {
  if (release === undefined) return undefined;
  const document = JSON.parse(gunzipSync(Buffer.from(release, 'base64')).toString('utf8')) as Document;
  const { name = '?', version = '?' } = document.chart?.metadata ?? {};
  const config = document.config ?? {};
  const operator = config['operator'] as { enabled?: boolean; extraWorkloads?: string[] } | undefined;
  return { chart: `${name}-${version}`, set: dottedNames(config), operatorEnabled: operator?.enabled !== false, extraWorkloads: operator?.extraWorkloads ?? [] };
}

function dottedNames(values: object, prefix = ''): string[] {
  return Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isMap) return dottedNames(value, `${prefix}${name}.`);
    return value === null || value === '' ? [] : [prefix + name];
  });
}
