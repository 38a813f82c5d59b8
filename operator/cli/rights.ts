/** What the operator and the person may do, asked of the API server itself (authorization.k8s.io). */
import type { KubeClient } from '../../shared/kube/client.ts';
import { workloadCollections } from '../model/names.ts';
import { secretNames } from '../model/release.ts';
import type { Workload } from '../model/snapshot.ts';
import { ifReadable } from './optional.ts';
import { accountOf, type DeploymentObject } from './release/deployment.ts';
import type { LeasedRelease } from './release/settings.ts';

export interface Attributes {
  readonly verb: string;
  readonly group: string;
  /** As `pods` or `pods/eviction`. */
  readonly resource: string;
  /** Undefined: of any name. */
  readonly name?: string;
}

export interface Right extends Attributes {
  readonly who: 'operator' | 'you';
  readonly allowed: boolean;
}

/** What the operator's code does in the namespace of a release; workloads are asked for one by one. */
export function operatorNeeds({ release, lease }: LeasedRelease): Attributes[] {
  const { bootstrapSecret, rotationConfigMap, external } = release;
  const own = secretNames(release).filter((name) => !external || name !== bootstrapSecret);
  return [
    ...secretNames(release).flatMap((name) => attributes(['list', 'watch'], '', 'secrets', name)),
    ...own.flatMap((name) => attributes(['patch'], '', 'secrets', name)),
    ...attributes(['create'], '', 'secrets'),
    ...attributes(['create'], '', 'configmaps'),
    ...attributes(['patch'], '', 'configmaps', rotationConfigMap),
    ...attributes(['create', 'patch'], '', 'events'),
    ...attributes(['list', 'watch'], '', 'pods'),
    ...attributes(['create'], '', 'pods/eviction'),
    ...Object.values(workloadCollections).flatMap((resource) => attributes(['list', 'watch'], 'apps', resource)),
    ...attributes(['create'], 'coordination.k8s.io', 'leases'),
    ...attributes(['get', 'update'], 'coordination.k8s.io', 'leases', lease),
  ];
}

/** What this command line does for a person. */
function personNeeds({ release }: LeasedRelease): Attributes[] {
  const { bootstrapSecret, rotationConfigMap, external } = release;
  return [
    ...attributes(external ? ['get'] : ['get', 'patch'], '', 'secrets', bootstrapSecret),
    ...attributes(['get', 'list', 'watch'], '', 'configmaps', rotationConfigMap),
    ...attributes(['list'], '', 'pods'),
  ];
}

export const stampRight = ({ kind, name }: Workload): Attributes => ({
  verb: 'patch',
  group: 'apps',
  resource: workloadCollections[kind],
  name,
});

const attributes = (verbs: readonly string[], group: string, resource: string, name?: string): Attributes[] =>
  verbs.map((verb) => ({ verb, group, resource, ...(name !== undefined && { name }) }));

interface Review {
  readonly status?: { readonly allowed?: boolean };
}

export interface Asking extends LeasedRelease {
  readonly client: KubeClient;
  /** Of whom nothing is asked where it is in another namespace. */
  readonly operator: DeploymentObject | undefined;
}

/** What we may not ask is left out. */
export async function reviewRights(asking: Asking, readers: readonly Workload[]): Promise<Right[]> {
  const reviews = [review(asking, 'you', personNeeds(asking)), review(asking, 'operator', operatorNeeds(asking)), reviewStamps(asking, readers)];
  return (await Promise.all(reviews)).flat();
}

/** Whether the operator may restart each of them. */
export function reviewStamps(asking: Asking, readers: readonly Workload[]): Promise<Right[]> {
  return review(asking, 'operator', readers.filter(({ restartable }) => restartable).map(stampRight));
}

/** Those that the operator may not restart: a rotation would wait for them. */
export function unstampable(readers: readonly Workload[], rights: readonly Right[]): Workload[] {
  return readers.filter((reader) => {
    const { verb, resource, name } = stampRight(reader);
    return rights.some((right) => right.who === 'operator' && right.verb === verb && right.resource === resource && right.name === name && !right.allowed);
  });
}

async function review({ client, release, operator }: Asking, who: Right['who'], needs: readonly Attributes[]): Promise<Right[]> {
  if (who === 'operator' && operator === undefined) return [];
  const user = who === 'you' ? undefined : operator && `system:serviceaccount:${release.namespace}:${accountOf(operator)}`;
  const rights = needs.map(async (right): Promise<Right[]> => {
    const allowed = await isAllowed(client, right, release.namespace, user);
    return allowed === undefined ? [] : [{ ...right, who, allowed }];
  });
  return (await Promise.all(rights)).flat();
}

/** Undefined where we may not ask about others. */
async function isAllowed(client: KubeClient, { verb, group, resource, name }: Attributes, namespace: string, user: string | undefined) {
  const [kind, subresource] = resource.split('/');
  const resourceAttributes = { namespace, verb, group, resource: kind, subresource, name };
  const kindOfReview = user === undefined ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
  const review = client.create<Review>(`/apis/authorization.k8s.io/v1/${kindOfReview.toLowerCase()}s`, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: kindOfReview,
    spec: { resourceAttributes, ...(user !== undefined && { user }) },
  });
  return (await ifReadable(review))?.status?.allowed;
}
