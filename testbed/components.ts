// The parts of the cluster: how each is started, where it answers for its
// health, and what it needs before it.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { binary } from './binaries.ts';
import { certificateOf, keyOf } from './certificates.ts';
import { configurationOf } from './configuration.ts';
import { inside } from './network.ts';
import * as places from './places.ts';
import { lifeOf, recorded, signal, start, type Life } from './process.ts';
import { isHealthy } from './reach.ts';
import { findCommand } from './requirements.ts';

type Component = {
  program: string;
  args: () => string[];
  /** Answers 200 when it works; without one, being alive must do. */
  health?: string;
  /** On the host, not in the namespace. */
  onHost?: boolean;
};

const script = (name: string): string => join(import.meta.dirname, name);
const kubeconfigOf = (name: string): string => `--kubeconfig=${configurationOf(`${name}.kubeconfig`)}`;
const node = process.execPath;

const components = {
  gateway: { program: node, args: () => [script('gateway.ts'), places.gatewaySocket] },
  relay: {
    program: node,
    args: () => [script('relay.ts'), readFileSync(places.relayPort, 'utf8'), new URL(places.apiServer).host],
    onHost: true,
  },
  etcd: {
    program: binary('etcd'),
    health: 'http://127.0.0.1:2379/health',
    args: () => [
      `--data-dir=${join(places.state, 'etcd')}`,
      '--listen-client-urls=http://127.0.0.1:2379',
      '--advertise-client-urls=http://127.0.0.1:2379',
      '--listen-peer-urls=http://127.0.0.1:2380',
      '--initial-advertise-peer-urls=http://127.0.0.1:2380',
      '--initial-cluster=default=http://127.0.0.1:2380',
      '--unsafe-no-fsync', // a test bed is quick first; after a power cut it is made anew
    ],
  },
  containerd: {
    program: findCommand('containerd') ?? 'containerd',
    args: () => ['--config', configurationOf('containerd.toml')],
  },
  'kube-apiserver': {
    program: binary('kube-apiserver'),
    health: `${places.apiServer}/readyz`,
    args: () => [
      `--advertise-address=${places.nodeAddress}`,
      '--allow-privileged=true',
      `--audit-log-path=${places.auditLog}`,
      '--audit-log-maxsize=4000',
      '--audit-log-maxbackup=1',
      `--audit-policy-file=${configurationOf('audit.json')}`,
      '--authorization-mode=Node,RBAC',
      `--client-ca-file=${certificateOf('ca')}`,
      '--enable-admission-plugins=NodeRestriction',
      '--etcd-servers=http://127.0.0.1:2379',
      `--kubelet-client-certificate=${certificateOf('kubelet-client')}`,
      `--kubelet-client-key=${keyOf('kubelet-client')}`,
      '--kubelet-preferred-address-types=InternalIP', // no DNS knows the node's name
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${keyOf('service-accounts')}`,
      `--service-account-signing-key-file=${keyOf('service-accounts')}`,
      `--service-cluster-ip-range=${places.serviceRange}`,
      `--tls-cert-file=${certificateOf('kube-apiserver')}`,
      `--tls-private-key-file=${keyOf('kube-apiserver')}`,
    ],
  },
  'kube-controller-manager': {
    program: binary('kube-controller-manager'),
    health: 'https://127.0.0.1:10257/healthz',
    args: () => [
      kubeconfigOf('kube-controller-manager'),
      `--cluster-signing-cert-file=${certificateOf('ca')}`,
      `--cluster-signing-key-file=${keyOf('ca')}`,
      '--endpointslice-updates-batch-period=0',
      `--flex-volume-plugin-dir=${join(places.kubelet, 'plugins', 'exec')}`,
      '--leader-elect=false', // there is one, and after a kill it works again at once
      `--root-ca-file=${certificateOf('ca')}`,
      `--service-account-private-key-file=${keyOf('service-accounts')}`,
      '--use-service-account-credentials=true',
    ],
  },
  'kube-scheduler': {
    program: binary('kube-scheduler'),
    health: 'https://127.0.0.1:10259/healthz',
    args: () => [kubeconfigOf('kube-scheduler'), '--leader-elect=false'],
  },
  kubelet: {
    program: binary('kubelet'),
    health: 'http://127.0.0.1:10248/healthz',
    args: () => [
      `--config=${configurationOf('kubelet.json')}`,
      kubeconfigOf('kubelet'),
      `--hostname-override=${places.nodeName}`,
      `--node-ip=${places.nodeAddress}`,
      `--root-dir=${places.kubelet}`,
      `--cert-dir=${join(places.kubelet, 'pki')}`,
    ],
  },
  'kube-proxy': {
    program: binary('kube-proxy'),
    health: 'http://127.0.0.1:10256/healthz',
    args: () => [`--config=${configurationOf('kube-proxy.json')}`],
  },
  'volume-provisioner': {
    program: node,
    args: () => [script('volume-provisioner.ts'), configurationOf('volume-provisioner.kubeconfig')],
  },
} satisfies Record<string, Component>;

export type ComponentName = keyof typeof components;
export const componentNames = Object.keys(components) as ComponentName[];

export const lifeOfComponent = (name: ComponentName): Life => lifeOf(recorded(name));

export async function isComponentHealthy(name: ComponentName): Promise<boolean> {
  const { health }: Component = components[name];
  return lifeOfComponent(name) === 'running' && (health === undefined || (await isHealthy(health)));
}

/** Percent by which the heap of a Go program grows until it is collected: processors are scarce here, memory is not. */
const seldom = '300';

/** Starts what is gone, wakes what is paused, leaves alone what runs. */
export function startComponent(name: ComponentName): void {
  const life = lifeOfComponent(name);
  if (life === 'paused') signal(recorded(name), 'SIGCONT');
  if (life !== 'gone') return;
  const { program, args, onHost }: Component = components[name];
  const line = onHost ? { program, args: args() } : inside(program, ...args());
  // containerd looks for its shim and runc in PATH, the kubelet for mount.
  start(name, line.program, line.args, { PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, GOGC: seldom });
}

export async function waitUntilHealthy(name: ComponentName, patienceMs = 60_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await isComponentHealthy(name))) {
    if (lifeOfComponent(name) === 'gone')
      throw new Error(
        `${name} ended at once. The end of ${places.logOf(name)} says why; a fresh start is \`down\`, then \`up\`.`,
      );
    if (performance.now() > deadline)
      throw new Error(
        `${name} is not healthy after ${patienceMs / 1000} s. Read ${places.logOf(name)}; a fresh start is \`down\`, then \`up\`.`,
      );
    await sleep(50);
  }
}
