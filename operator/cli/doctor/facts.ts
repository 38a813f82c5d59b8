/** Everything that `doctor` judges, read in one go. What may not be read is hidden. */
import type { SourceName } from '../../../shared/credential/keyring.ts';
import type { KubeClient } from '../../../shared/kube/client.ts';
import { collectionPath, objectPath, type ObjectMeta, type Secret } from '../../../shared/kube/objects.ts';
import type { Workload } from '../../model/snapshot.ts';
import { workloadCollections } from '../../model/names.ts';
import { isExternal } from '../../observe/releases.ts';
import { ifReadable, ifShown } from '../optional.ts';
import { findReaders } from '../readers.ts';
import { reviewRights, type Right } from '../rights.ts';
import { readConfigMap, type Session } from '../session.ts';
import { readDocument, type ConfigMap, type RotationStatus } from '../status-document.ts';
import { accountOf, findOperator, type DeploymentObject } from '../release/deployment.ts';
import { operatorLiveness, type Liveness } from '../release/liveness.ts';
import type { LeasedRelease } from '../release/settings.ts';
import { findDeadEnds } from './endpoints.ts';
import { readHelmRelease, type HelmRelease } from './helm-release.ts';

/** What may be hidden from us. */
export type Part = 'liveness' | 'metrics' | 'status' | 'rights' | 'readers' | 'secrets' | 'services' | 'workloads';

export interface Facts extends LeasedRelease {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** As 1.34. */
  readonly kubernetes: { readonly major: number; readonly minor: number };
  readonly helm: HelmRelease | undefined;
  /** The operator's Deployment, where it is in this namespace. */
  readonly operator: DeploymentObject | undefined;
  /** Whether the operator's ServiceAccount exists; undefined where that may not be read. */
  readonly hasAccount: boolean | undefined;
  readonly status: RotationStatus | undefined;
  /** Why the operator's ConfigMap, which is there, says nothing to us. */
  readonly statusFault: string | undefined;
  readonly liveness: Liveness;
  /** Seconds since the epoch of the oldest last answer of the API server to one of the operator's watches. */
  readonly lastContact: number | undefined;
  /** Of the bootstrap Secret. */
  readonly bootstrap: ObjectMeta | undefined;
  /** Names of the source Secrets that are, but for those of another tool. */
  readonly immutable: readonly string[];
  /** Those that read a key. */
  readonly readers: readonly Workload[];
  /** Services of verifiers that lead to no ready pod, although there is one. */
  readonly deadEnds: readonly string[];
  /** All workloads of the release, as the API has them. */
  readonly workloads: readonly WorkloadTemplate[];
  readonly rights: readonly Right[];
  /** Whom the API server takes us for; undefined before Kubernetes 1.28. */
  readonly you: string | undefined;
  /** What we could not look at: nothing can be said of it. */
  readonly hidden: ReadonlySet<Part>;
}

export interface WorkloadTemplate {
  /** `deployment/name` */
  readonly id: string;
  readonly images: readonly string[];
  /** Names of the containers' environment variables. */
  readonly variables: readonly string[];
}

export async function gatherFacts(session: Session): Promise<Facts> {
  const { client, release, lease, clock, signal } = session;
  const { namespace } = release;
  const { major, minor } = await client.get<{ major: string; minor: string }>('/version');
  const labelSelector = `app.kubernetes.io/instance=${release.name}`;
  const hidden = new Set<Part>();
  const shown = <T>(part: Part, reading: Promise<T>) => ifShown(reading, () => hidden.add(part));
  const operator = await findOperator(client, release);
  const configMap = await shown('status', readConfigMap(session));
  const bootstrap = await shown('secrets', client.get<Secret>(objectPath('secrets', namespace, release.bootstrapSecret)));
  const encryption = await shown('secrets', client.get<Secret>(objectPath('secrets', namespace, release.encryptionSecret)));
  const readers = (await shown('readers', findReaders(client, release)))?.workloads ?? [];
  const liveness = await operatorLiveness(session);
  const contact = operator && (await lastContact(client, namespace, operator, signal));
  const rights = await reviewRights({ client, release, lease, operator }, readers);
  if (liveness === 'unknown') hidden.add('liveness');
  if (liveness !== 'away' && contact === undefined) hidden.add('metrics');
  if (!rights.some(({ who }) => who === 'operator')) hidden.add('rights');
  return {
    release,
    lease,
    now: clock.now(),
    kubernetes: { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) },
    helm: await readHelmRelease(client, release),
    operator,
    hasAccount: operator && (await exists(client, objectPath('serviceaccounts', namespace, accountOf(operator)))),
    ...statusOf(configMap),
    liveness,
    lastContact: contact,
    bootstrap: bootstrap?.metadata,
    immutable: Object.entries({ bootstrap, encryption }).flatMap(([source, secret]) =>
      secret?.immutable && !isExternal(source as SourceName, secret.metadata, release) ? secret.metadata.name : [],
    ),
    readers,
    deadEnds: (await shown('services', findDeadEnds(client, namespace, readers))) ?? [],
    workloads: (await shown('workloads', templatesOf(client, namespace, labelSelector))) ?? [],
    rights,
    you: await ownName(client),
    hidden,
  };
}

async function exists(client: KubeClient, path: string): Promise<boolean | undefined> {
  let isHidden = false;
  const found = await ifShown(client.get(path), () => (isHidden = true));
  return isHidden ? undefined : found !== undefined;
}

async function ownName(client: KubeClient): Promise<string | undefined> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const review = client.create<{ status?: { userInfo?: { username?: string } } }>('/apis/authentication.k8s.io/v1/selfsubjectreviews', body);
  return (await ifReadable(review))?.status?.userInfo?.username;
}

async function templatesOf(client: KubeClient, namespace: string, labelSelector: string): Promise<WorkloadTemplate[]> {
  const lists = await Promise.all(
    Object.entries(workloadCollections).map(async ([kind, collection]) => {
      const { items } = await client.get<{ items: DeploymentObject[] }>(collectionPath(collection, namespace), { labelSelector });
      return items.map((object) => templateOf(kind, object));
    }),
  );
  return lists.flat();
}

function templateOf(kind: string, { metadata, spec }: DeploymentObject): WorkloadTemplate {
  const { containers = [] } = spec.template.spec;
  return {
    id: `${kind.toLowerCase()}/${metadata.name}`,
    images: containers.flatMap(({ image }) => image ?? []),
    variables: containers.flatMap(({ env }) => (env ?? []).map(({ name }) => name)),
  };
}

function statusOf(configMap: ConfigMap | undefined): Pick<Facts, 'status' | 'statusFault'> {
  try {
    return { status: configMap && readDocument(configMap), statusFault: undefined };
  } catch (error) {
    return { status: undefined, statusFault: (error as Error).message };
  }
}

const metric = /^kure_bootstrap_last_contact_timestamp_seconds(?:\{.*\})? (\S+)/;
const metricsDeadlineMs = 5_000;

/** From the operator's metrics, through the API server. */
async function lastContact(client: KubeClient, namespace: string, { metadata }: DeploymentObject, signal: AbortSignal): Promise<number | undefined> {
  const labelSelector = ['name', 'instance', 'component']
    .map((part) => `app.kubernetes.io/${part}=${metadata.labels?.[`app.kubernetes.io/${part}`] ?? ''}`)
    .join(',');
  const pods = await ifReadable(client.get<{ items: { metadata: ObjectMeta }[] }>(collectionPath('pods', namespace), { labelSelector }));
  const times: number[] = [];
  for (const pod of pods?.items ?? []) {
    const path = `${objectPath('pods', namespace, `${pod.metadata.name}:8080`)}/proxy/metrics`;
    try {
      for await (const line of client.lines(path, {}, metricsDeadlineMs, signal)) {
        const seconds = Number(metric.exec(line)?.[1]);
        if (seconds > 0) times.push(seconds);
      }
    } catch {
      // A pod that does not answer is what the Lease and the Deployment speak of.
    }
  }
  return times.length === 0 ? undefined : Math.max(...times);
}
