/** A release as the chart makes it, as far as the operator can see: Secrets and workloads, on fake nodes. */
import { onFakeNodes } from '../../../testbed/kwok.ts';
import { insideLabel } from './insides.ts';

/** Where fake pods of the backend answer. */
const verifierPort = 18_471;

export const releaseName = 'kure-monitor';
export const secretName = `${releaseName}-bootstrap`;
export const encryptionName = `${releaseName}-encryption`;
export const keyringName = `${releaseName}-keyring`;
export const statusName = `${releaseName}-rotation`;
export const leaseName = `${releaseName}-operator`;

export type WorkloadName = 'backend' | 'agent' | 'scanner';
export const workloadNames: readonly WorkloadName[] = ['backend', 'agent', 'scanner'];
export const collectionOf = (name: WorkloadName) => (name === 'agent' ? ('daemonsets' as const) : ('deployments' as const));

export interface Shape {
  /** The encryption Secret is there, and the backend reads it. */
  readonly encryption?: true;
  readonly verify?: 'live' | 'single';
  /** More annotations of the bootstrap Secret. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The bootstrap Secret was made by Helm, and says so. */
  readonly helm?: true;
}

const labelsOf = (kind: string) => ({ 'app.kubernetes.io/instance': releaseName, 'bootstrap.kure.io/secret': kind });

export const bootstrapSecret = (values: Readonly<Record<string, string>>, { annotations, helm }: Shape) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: secretName,
    labels: { ...labelsOf('bootstrap'), ...(helm && { 'app.kubernetes.io/managed-by': 'Helm' }) },
    annotations: { ...annotations, ...(helm && { 'meta.helm.sh/release-name': releaseName }) },
  },
  stringData: values,
});

export const encryptionSecret = (key: string) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: encryptionName, labels: labelsOf('encryption') },
  stringData: { 'encryption-key': key },
});

export function workloads({ encryption, verify = 'live' }: Shape): object[] {
  const serviceToken = reference('SERVICE_TOKEN', secretName, 'service-token');
  const session = reference('SESSION_SECRET', secretName, 'session-secret');
  const encryptionKey = encryption ? [reference('ENCRYPTION_KEY', encryptionName, 'encryption-key')] : [];
  const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  return [
    {
      ...head('Deployment', 'backend'),
      spec: {
        strategy: rolling,
        ...podTemplate('backend', [serviceToken, session, ...encryptionKey], { 'bootstrap.kure.io/role': 'verifier', 'bootstrap.kure.io/verify': verify }),
      },
    },
    { ...head('DaemonSet', 'agent'), spec: { updateStrategy: rolling, ...podTemplate('agent', [serviceToken], presenter) } },
    { ...head('Deployment', 'scanner'), spec: { strategy: rolling, ...podTemplate('scanner', [serviceToken], presenter) } },
  ];
}

const presenter = { 'bootstrap.kure.io/role': 'presenter' };

const head = (kind: string, name: WorkloadName) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, labels: { 'app.kubernetes.io/instance': releaseName } },
});

function podTemplate(name: WorkloadName, env: readonly object[], annotations: Readonly<Record<string, string>>) {
  const labels = { app: name };
  const ports = [{ name: 'http', containerPort: verifierPort }];
  return {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels: { ...labels, [insideLabel]: 'true' }, annotations },
      spec: {
        ...onFakeNodes,
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        containers: [{ name, image: 'nothing', env, ...(name === 'backend' && { ports }) }],
      },
    },
  };
}

const reference = (name: string, secret: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: secret, key } } });
