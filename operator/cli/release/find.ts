/** Finds the release that a command is about: the one that is named, or the only one in the namespace. */
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath } from '../../../shared/kube/objects.ts';
import { annotationPrefix } from '../../model/names.ts';
import { CommandError } from '../exit.ts';
import { ifReadable } from '../optional.ts';
import type { ConfigMap } from '../status-document.ts';
import { environmentOf, isOperator, type DeploymentObject } from './deployment.ts';
import { releaseNamed, type Environment, type LeasedRelease } from './settings.ts';

const instanceLabel = 'app.kubernetes.io/instance';
const rotationSuffix = '-rotation';
const madeByOperator = 'app.kubernetes.io/managed-by=kure-bootstrap';
const operatorOrBackend = 'app.kubernetes.io/component in (operator,backend)';

interface List<T> {
  readonly items: readonly T[];
}

/** What was found, by release name. */
export type Found = ReadonlyMap<string, FoundRelease>;

interface FoundRelease extends LeasedRelease {
  /** False where only the operator's ConfigMap is there, which an uninstall keeps. */
  readonly isInstalled: boolean;
}

/** With RELEASE in the environment, as in a pod of the chart, nothing needs to be listed. */
export async function findRelease(
  client: KubeClient,
  namespace: string,
  wanted: string | undefined,
  env: Environment,
): Promise<LeasedRelease> {
  const named = env['RELEASE'];
  if (named && (wanted === undefined || wanted === named)) return releaseNamed(env, namespace, named);
  const found = await findAll(client, namespace);
  if (found) return choose(found, namespace, wanted);
  if (wanted !== undefined) return releaseNamed(env, namespace, wanted);
  throw new CommandError('usage', `you may list neither ConfigMaps nor Deployments in the namespace ${namespace}: name the release with --release`);
}

/** Throws a CommandError that says how to choose. */
export function choose(found: Found, namespace: string, wanted: string | undefined): LeasedRelease {
  const installed = [...found.keys()].filter((name) => found.get(name)?.isInstalled);
  // Without a right to list Deployments, or where all are uninstalled, none is known to be installed.
  const names = (installed.length > 0 && wanted === undefined ? installed : [...found.keys()]).toSorted();
  const release = wanted === undefined ? names.length === 1 && found.get(names[0]!) : found.get(wanted);
  if (release) return release;
  if (wanted === undefined && names.length > 1) {
    throw new CommandError('usage', `there are several releases in the namespace ${namespace}: choose one with --release: ${names.join(', ')}`);
  }
  const what = wanted === undefined ? 'no release' : `no release ${wanted}`;
  const others = names.length === 0 ? '' : ` (there is: ${names.join(', ')})`;
  throw new CommandError(
    'usage',
    `there is ${what} in the namespace ${namespace}${others}: name another one with --namespace; \`helm list --all-namespaces\` shows where it is`,
  );
}

/** An operator's own settings say most; its ConfigMap is there also where it runs in another namespace. */
async function findAll(client: KubeClient, namespace: string): Promise<Found | undefined> {
  // Who may read only the one may still be answered from it.
  const [configMaps, deployments] = await Promise.all([
    ifReadable(client.get<List<ConfigMap>>(collectionPath('configmaps', namespace), { labelSelector: madeByOperator })),
    ifReadable(client.get<List<DeploymentObject>>(collectionPath('deployments', namespace), { labelSelector: operatorOrBackend })),
  ]);
  return configMaps || deployments ? foundIn(namespace, configMaps?.items ?? [], deployments?.items ?? []) : undefined;
}

export function foundIn(namespace: string, configMaps: readonly ConfigMap[], deployments: readonly DeploymentObject[]): Found {
  const found = new Map<string, FoundRelease>();
  for (const deployment of deployments) {
    const name = deployment.metadata.labels?.[instanceLabel];
    const role = deployment.spec.template.metadata?.annotations?.[`${annotationPrefix}role`];
    if (name === undefined || role !== 'verifier') continue;
    found.set(name, { ...releaseNamed({}, namespace, name, deployment.metadata.name.replace(/-backend$/, '')), isInstalled: true });
  }
  for (const { metadata } of configMaps) {
    const name = metadata.labels?.[instanceLabel];
    if (name === undefined || !metadata.name.endsWith(rotationSuffix)) continue;
    found.set(name, { ...releaseNamed({}, namespace, name, metadata.name.slice(0, -rotationSuffix.length)), isInstalled: found.has(name) });
  }
  for (const deployment of deployments.filter(isOperator)) {
    const env = environmentOf(deployment);
    const name = env['RELEASE'];
    if (name !== undefined && env['SCOPE'] !== 'cluster') found.set(name, { ...releaseNamed(env, namespace, name), isInstalled: true });
  }
  return found;
}
