/** The objects of a render, and where the API server has them. */
import { loadAll } from 'js-yaml';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { undefinedIfMissing } from '../../../shared/kube/kube-error.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string } & Readonly<Partial<Record<'labels' | 'annotations', Readonly<Record<string, string>>>>>;
}

export const objectsOf = (manifests: string): Manifest[] => loadAll(manifests).filter((object) => object !== null && object !== undefined) as Manifest[];

export const nameOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`;

/** Empty for the core group. */
export const groupOf = ({ apiVersion }: Manifest): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

const plural = (kind: string): string => kind.toLowerCase().replace(/y$/, 'ie').replace(/ss$/, 'sse') + 's';

export function pathOf({ apiVersion, kind, metadata }: Manifest, namespace: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = kind.startsWith('ClusterRole') ? '' : `/namespaces/${namespace}`;
  return `${root}${scope}/${plural(kind)}/${encodeURIComponent(metadata.name)}`;
}

/** Undefined where there is none. */
export function readLive(client: KubeClient, path: string): Promise<Manifest | undefined> {
  return client.get<Manifest>(path).catch(undefinedIfMissing);
}
