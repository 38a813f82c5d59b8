/** One release as small as it can be: the bootstrap Secret and its three readers, in a namespace of its own. */
import type { KubeClient } from '../../shared/kube/client.ts';
import { keyringEntry, parseKeyring } from '../../shared/credential/keyring.ts';
import { newLetters } from '../../shared/credential/new-value.ts';
import { collectionPath, encodeEntry, objectPath, secretEntry, type Secret } from '../../shared/kube/objects.ts';
import { attestationPort } from './attestation-port.ts';
import { isRolledOut, type WorkloadObject } from './workload.ts';

const releaseName = 'bench';
const bootstrapSecret = `${releaseName}-bootstrap`;

/** By role, as the chart has them. */
export const workloads = [
  { kind: 'Deployment', collection: 'deployments', name: 'backend', role: 'verifier' },
  { kind: 'DaemonSet', collection: 'daemonsets', name: 'agent', role: 'presenter' },
  { kind: 'Deployment', collection: 'deployments', name: 'scanner', role: 'presenter' },
] as const;
export type Workload = (typeof workloads)[number];

export const namespaces = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `release-${String(index).padStart(3, '0')}`);

export async function install(client: KubeClient, namespace: string): Promise<void> {
  await client.create(collectionPath('namespaces'), { metadata: { name: namespace } });
  await client.create(collectionPath('secrets', namespace), {
    metadata: {
      name: bootstrapSecret,
      labels: { 'app.kubernetes.io/instance': releaseName, 'bootstrap.kure.io/secret': 'bootstrap' },
    },
    data: { 'service-token': encodeEntry(newLetters()), 'session-secret': encodeEntry(newLetters()) },
  });
  for (const workload of workloads) {
    await client.create(collectionPath(workload.collection, namespace), manifest(workload));
  }
}

/** What a person's edit sends. */
export async function edit(client: KubeClient, namespace: string): Promise<void> {
  const data = { 'service-token': encodeEntry(newLetters()) };
  await client.patch(objectPath('secrets', namespace, bootstrapSecret), 'merge', { data });
}

/** `auto` is how Reloader is told of a workload; ours finds it by what it reads. */
function manifest({ kind, name, role }: Workload): object {
  const labels = { app: name };
  const container = {
    name,
    image: 'none',
    env: [{ name: 'SERVICE_TOKEN', valueFrom: { secretKeyRef: { name: bootstrapSecret, key: 'service-token' } } }],
    ports: role === 'verifier' ? [{ name: 'http', containerPort: attestationPort }] : [],
  };
  return {
    metadata: { name, annotations: { 'reloader.stakater.com/auto': 'true' } },
    spec: {
      selector: { matchLabels: labels },
      ...(kind === 'Deployment' && { replicas: 1 }),
      template: {
        metadata: { labels, annotations: { 'bootstrap.kure.io/role': role, 'bootstrap.kure.io/verify': 'live' } },
        spec: { automountServiceAccountToken: false, terminationGracePeriodSeconds: 1, containers: [container] },
      },
    },
  };
}

/** Every workload's controller has replaced every pod. */
export async function areRolledOut(client: KubeClient, namespace: string): Promise<boolean> {
  const objects = workloads.map(({ collection, name }) => client.get<WorkloadObject>(objectPath(collection, namespace, name)));
  return (await Promise.all(objects)).every(isRolledOut);
}

/** The keyring accepts one value only, the Secret's, and has committed it. */
export async function isRetired(client: KubeClient, namespace: string): Promise<boolean> {
  const read = (name: string): Promise<Secret> => client.get<Secret>(objectPath('secrets', namespace, name));
  const [bootstrap, keyring] = await Promise.all([read(bootstrapSecret), read(`${releaseName}-keyring`)]);
  const { keys } = parseKeyring(secretEntry(keyring, keyringEntry) ?? '');
  const { accepted = [], committed } = keys['service-token'] ?? {};
  const [only] = accepted;
  return accepted.length === 1 && only?.name === committed && only?.value === secretEntry(bootstrap, 'service-token');
}
