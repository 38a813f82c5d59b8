/** What an agent reports from a cluster of a middle-sized shop on a bad day. */
import { gzipSync } from 'node:zlib';
import type { PodReport } from '../../../shared/contract/pods.ts';

interface Kind {
  readonly reason: string;
  readonly message: string;
  readonly phase: 'Running' | 'Pending' | 'Failed';
  readonly container: { readonly state: string; readonly reason: string; readonly restarts: number; readonly exitCode?: number };
  readonly event: string;
  readonly logs: string;
  /** What the agent captured of the run that crashed. */
  readonly captured?: string;
}

const kinds: readonly Kind[] = [
  {
    reason: 'CrashLoopBackOff',
    message: 'back-off 5m0s restarting failed container',
    phase: 'Running',
    container: { state: 'terminated', reason: 'Error', restarts: 27, exitCode: 1 },
    event: 'Back-off restarting failed container',
    logs: [
      'INFO  starting, version 4.12.1',
      'INFO  connecting to postgres://orders-db:5432/orders',
      'ERROR password authentication failed for user "orders"',
      'ERROR giving up after 5 attempts',
    ].join('\n'),
    captured: [
      'INFO  starting, version 4.12.1',
      'INFO  reading /etc/checkout/config.yaml',
      'INFO  connecting to postgres://orders-db:5432/orders',
      ...Array.from({ length: 5 }, (_, attempt) => `ERROR attempt ${attempt + 1}: password authentication failed for user "orders"`),
      'ERROR giving up after 5 attempts',
    ].join('\n'),
  },
  {
    reason: 'ImagePullBackOff',
    message: 'Back-off pulling image: manifest for tag 2024-11-rc3 not found',
    phase: 'Pending',
    container: { state: 'waiting', reason: 'ImagePullBackOff', restarts: 0 },
    event: 'Failed to pull image: not found',
    logs: '',
  },
  {
    reason: 'OOMKilled',
    message: 'The container used more than its limit of 256Mi',
    phase: 'Running',
    container: { state: 'terminated', reason: 'OOMKilled', restarts: 9, exitCode: 137 },
    event: 'Memory cgroup out of memory: killed process 4711',
    logs: 'INFO  building the search index, 1,204,551 documents\nINFO  40 % done\nINFO  60 % done',
  },
  {
    reason: 'FailedScheduling',
    message: '0/6 nodes are available: 3 Insufficient memory, 3 node(s) had untolerated taint {dedicated: batch}',
    phase: 'Pending',
    container: { state: 'waiting', reason: 'PodInitializing', restarts: 0 },
    event: '0/6 nodes are available',
    logs: '',
  },
  {
    reason: 'CreateContainerConfigError',
    message: 'secret "smtp-credentials" not found',
    phase: 'Pending',
    container: { state: 'waiting', reason: 'CreateContainerConfigError', restarts: 0 },
    event: 'Error: secret "smtp-credentials" not found',
    logs: '',
  },
  {
    reason: 'FailedMount',
    message: 'MountVolume.SetUp failed for volume "config": configmap "feature-flags" not found',
    phase: 'Pending',
    container: { state: 'waiting', reason: 'ContainerCreating', restarts: 0 },
    event: 'MountVolume.SetUp failed for volume "config"',
    logs: '',
  },
];

const workloads = [
  ['shop', 'checkout'], ['shop', 'cart'], ['shop', 'catalogue'], ['payments', 'ledger'], ['payments', 'card-gateway'],
  ['search', 'indexer'], ['search', 'suggest'], ['mail', 'sender'], ['data', 'nightly-export'], ['data', 'stream-loader'],
] as const;

const minute = 60_000;

/** The same for the same index; `now` in milliseconds since 1970. */
export function failingPod(index: number, now: number): PodReport {
  const kind = kinds[index % kinds.length]!;
  const [namespace, workload] = workloads[index % workloads.length]!;
  const name = `${workload}-${(0x5f3a9b + index * 7919).toString(36).slice(-5)}-${(0xa1b2 + index * 104_729).toString(36).slice(-5)}`;
  const image = `registry.example.com/${namespace}/${workload}:4.12.${index % 9}`;
  const { state, reason, restarts, exitCode } = kind.container;
  const at = (minutes: number) => new Date(now - minutes * minute).toISOString();
  return {
    pod_name: name,
    namespace,
    node_name: kind.reason === 'FailedScheduling' ? null : `worker-${1 + (index % 6)}`,
    phase: kind.phase,
    creation_timestamp: at(90 + index * 11),
    failure_reason: kind.reason,
    failure_message: kind.message,
    container_statuses: [
      { name: workload, ready: false, restart_count: restarts, image, state, reason, ...(exitCode !== undefined && { exit_code: exitCode }) },
      { name: 'proxy', ready: true, restart_count: 0, image: 'docker.io/envoyproxy/envoy:v1.33', state: 'running' },
    ],
    events: [
      { type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${namespace}/${name}`, timestamp: at(80 + index) },
      { type: 'Warning', reason: kind.reason, message: kind.event, timestamp: at(2 + index) },
    ],
    logs: kind.logs,
    ...(kind.captured !== undefined && { failure_logs: capturedLogs(workload, kind.captured) }),
    manifest: manifest(name, namespace, workload, image),
  };
}

const capturedLogs = (container: string, text: string) => ({
  version: 1,
  encoding: 'gzip+base64',
  containers: { [container]: { previous: { data: gzipSync(text).toString('base64') }, current: null, error: null } },
});

const manifest = (name: string, namespace: string, workload: string, image: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${workload}
spec:
  containers:
    - name: ${workload}
      image: ${image}
      resources:
        limits:
          memory: 256Mi
`;
