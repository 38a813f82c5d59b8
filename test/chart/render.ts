/** Renders the chart with the real Helm; `HELM` names another one than the test bed's. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  KubernetesObject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1Container,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1EnvVar,
  V1Ingress,
  V1NetworkPolicy,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1PodTemplateSpec,
  V1Role,
  V1RoleBinding,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from '@kubernetes/client-node';
import { loadAll } from 'js-yaml';
import { helm3Path, helmPath } from '../../testbed/cluster.ts';

export const chart = join(import.meta.dirname, '../../chart');

const found = (path: string, fallback: string): string => (existsSync(path) ? path : fallback);
export const helm4 = process.env['HELM'] || found(helmPath, 'helm');
export const helm3 = process.env['HELM3'] || found(helm3Path, 'helm3');
export const helm3IsHere = helm3 !== 'helm3' || spawnSync('helm3', ['version']).status === 0;
export const helms = helm3IsHere ? [helm3, helm4] : [helm4];

/** Of a CRD: only a test knows its shape. */
interface CustomObject extends KubernetesObject {
  readonly spec: unknown;
}

interface Kinds {
  ClusterRole: V1ClusterRole;
  ClusterRoleBinding: V1ClusterRoleBinding;
  ConfigMap: V1ConfigMap;
  CronJob: V1CronJob;
  DaemonSet: V1DaemonSet;
  Deployment: V1Deployment;
  HTTPRoute: CustomObject;
  Ingress: V1Ingress;
  NetworkPolicy: V1NetworkPolicy;
  PersistentVolumeClaim: V1PersistentVolumeClaim;
  Pod: V1Pod;
  PodDisruptionBudget: V1PodDisruptionBudget;
  PodMonitor: CustomObject;
  PrometheusRule: CustomObject;
  Role: V1Role;
  RoleBinding: V1RoleBinding;
  Secret: V1Secret;
  Service: V1Service;
  ServiceAccount: V1ServiceAccount;
  ServiceMonitor: CustomObject;
  StatefulSet: V1StatefulSet;
}

export interface Options {
  readonly values?: object;
  readonly release?: string;
  readonly namespace?: string;
  readonly helm?: string;
}

export interface Workload {
  readonly name: string;
  readonly template: V1PodTemplateSpec;
}

/** The objects of one render. */
export class Rendered {
  readonly objects: readonly KubernetesObject[];

  constructor(objects: readonly KubernetesObject[]) {
    this.objects = objects;
  }

  all<Kind extends keyof Kinds>(kind: Kind): Kinds[Kind][] {
    return this.objects.filter((object) => object.kind === kind) as Kinds[Kind][];
  }

  get<Kind extends keyof Kinds>(kind: Kind, name: string): Kinds[Kind] {
    const object = this.all(kind).find((object) => object.metadata?.name === name);
    if (object === undefined) throw new Error(`the chart renders no ${kind} ${name}`);
    return object;
  }

  /** Kind, namespace and name: what must be the only one of its kind in a cluster. */
  get identities(): string[] {
    return this.objects.map(({ kind, metadata }) => `${kind} ${metadata?.namespace ?? ''}/${metadata?.name}`);
  }

  get workloads(): Workload[] {
    return [...this.all('Deployment'), ...this.all('DaemonSet'), ...this.all('StatefulSet')].map(({ metadata, spec }) => workloadOf(metadata, spec?.template));
  }

  /** What runs and ends: Jobs by the clock and the pod of `helm test`. */
  get errands(): Workload[] {
    const jobs = this.all('CronJob').map(({ metadata, spec }) => workloadOf(metadata, spec?.jobTemplate.spec?.template));
    return [...jobs, ...this.all('Pod').map(({ metadata, spec }) => workloadOf(metadata, spec && { metadata: metadata ?? {}, spec }))];
  }

  workload(name: string): Workload {
    const workload = this.workloads.find((workload) => workload.name === name);
    if (workload === undefined) throw new Error(`the chart renders no workload ${name}`);
    return workload;
  }
}

function workloadOf(metadata: V1ObjectMeta | undefined, template: V1PodTemplateSpec | undefined): Workload {
  if (metadata?.name === undefined || template === undefined) throw new Error('a workload has neither name nor pods');
  return { name: metadata.name, template };
}

export function containerOf({ name, template }: Workload): V1Container {
  const [container] = template.spec?.containers ?? [];
  if (container === undefined) throw new Error(`${name} has no container`);
  return container;
}

export const variable = (workload: Workload, name: string): V1EnvVar | undefined =>
  containerOf(workload).env?.find((variable) => variable.name === name);

export function render(options: Options = {}): Rendered {
  const output = run('template', options, '--kube-version=1.34.0');
  return new Rendered(loadAll(output).filter((object) => object !== null && object !== undefined));
}

/** What `helm install` tells the person in front of it, and the objects of the same render. */
export function install(options: Options = {}): { notes: string; rendered: Rendered } {
  const release = JSON.parse(run('install', options, '--dry-run=client', '--output=json')) as { info: { notes: string }; manifest: string };
  return { notes: release.info.notes, rendered: new Rendered(loadAll(release.manifest) as KubernetesObject[]) };
}

/** The sentence with which the chart refuses these options. */
export function refusal(options: Options): string {
  try {
    render(options);
  } catch (error) {
    return String(error);
  }
  throw new Error('the chart accepts it');
}

function run(verb: 'template' | 'install', options: Options, ...flags: string[]): string {
  const { values = {}, release = 'kure-monitor', namespace = 'kure-system', helm = helm4 } = options;
  const line = [verb, release, chart, '--namespace', namespace, '--values', '-', ...flags];
  // No cluster may have a say in a render.
  const env = { ...process.env, KUBECONFIG: '/dev/null' };
  const { status, stdout, stderr, error } = spawnSync(helm, line, { input: JSON.stringify(values), encoding: 'utf8', env });
  if (error) throw error;
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
