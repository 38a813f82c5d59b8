// The files the components read: kubeconfigs and one YAML or TOML each. JSON is
// YAML, so the Kubernetes ones are written as JSON.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { base64Of, certificateOf, keyOf, type Client } from './certificates.ts';
import * as places from './places.ts';
import { pluginFolder } from './requirements.ts';

export const configurationOf = (name: string): string => join(places.configuration, name);
export const pauseImage = 'testbed.local/pause:1';

export function writeConfiguration(port: number): void {
  mkdirSync(join(places.configuration, 'cni'), { recursive: true });
  for (const client of [
    'kubelet',
    'kube-controller-manager',
    'kube-scheduler',
    'kube-proxy',
    'volume-provisioner',
  ] as const)
    write(`${client}.kubeconfig`, kubeconfig(client, places.apiServer));
  writeFileSync(places.kubeconfig, JSON.stringify(kubeconfig('admin', `https://127.0.0.1:${port}`), null, 2), {
    mode: 0o600,
  });
  writeFileSync(places.kubeconfigInside, JSON.stringify(kubeconfig('admin', places.apiServer), null, 2), {
    mode: 0o600,
  });
  write('audit.json', audit);
  write('kubelet.json', kubelet);
  write('kube-proxy.json', proxy);
  write('cni/10-testbed.conflist', network);
  write('resolv.conf', ''); // pods that ask for the node's resolver get none
  write('containerd.toml', containerd());
}

/** Only what changed: kube-proxy ends when its file is written, even with the same content. */
function write(name: string, content: object | string): void {
  const file = configurationOf(name);
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text, { mode: 0o600 });
}

const kubeconfig = (client: Client, server: string): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'testbed', cluster: { server, 'certificate-authority-data': base64Of(certificateOf('ca')) } }],
  users: [
    {
      name: client,
      user: { 'client-certificate-data': base64Of(certificateOf(client)), 'client-key-data': base64Of(keyOf(client)) },
    },
  ],
  contexts: [{ name: 'testbed', context: { cluster: 'testbed', user: client } }],
  'current-context': 'testbed',
});

/** Who did what and when, never a body: bodies hold Secrets. */
const audit = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
};

const kubelet = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  authentication: {
    anonymous: { enabled: false },
    webhook: { enabled: true },
    x509: { clientCAFile: certificateOf('ca') },
  },
  authorization: { mode: 'Webhook' },
  cgroupDriver: 'cgroupfs',
  cgroupRoot: places.cgroup,
  clusterDNS: [places.dnsAddress],
  clusterDomain: 'cluster.local',
  containerRuntimeEndpoint: `unix://${places.containerdSocket}`,
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '0%',
    'nodefs.inodesFree': '0%',
    'imagefs.available': '0%',
    'imagefs.inodesFree': '0%',
  },
  failSwapOn: false,
  imageGCHighThresholdPercent: 100, // never: no registry could give an image back
  imageMaximumGCAge: '0s',
  maxPods: 250,
  podLogsDir: join(places.state, 'logs', 'pods'),
  resolvConf: configurationOf('resolv.conf'),
  volumePluginDir: join(places.kubelet, 'plugins', 'exec'),
};

const proxy = {
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  clientConnection: { kubeconfig: configurationOf('kube-proxy.kubeconfig') },
  clusterCIDR: places.podRange, // pods' own addresses are kept on the way to a Service
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' }, // host-wide settings stay as they are
  hostnameOverride: places.nodeName,
  iptables: { minSyncPeriod: '100ms' },
  mode: 'iptables',
};

/** Routed, not bridged: works without br_netfilter, and the destination sees the caller's address. */
const network = {
  cniVersion: '1.0.0',
  name: 'testbed',
  plugins: [
    {
      type: 'ptp',
      ipMasq: false,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: places.podRange }]],
        routes: [{ dst: '0.0.0.0/0' }],
        dataDir: join(places.state, 'cni'),
      },
    },
  ],
};

const containerd = (): string => `
version = 2
root = "${join(places.containerd, 'root')}"
state = "${join(places.containerd, 'state')}"
oom_score = 0

[grpc]
  address = "${places.containerdSocket}"

[plugins."io.containerd.internal.v1.opt"]
  path = "${join(places.containerd, 'opt')}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  disable_tcp_service = true
  netns_mounts_under_state_dir = true
  tolerate_missing_hugetlb_controller = true

[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${pluginFolder()}"
  conf_dir = "${configurationOf('cni')}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  BinaryName = "runc"
  Root = "${join(places.containerd, 'runc')}"
  SystemdCgroup = false
`;
