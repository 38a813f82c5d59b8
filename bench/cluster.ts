/**
 * A control plane of the benchmark's own, on the loopback of its own network namespace: etcd, the API server with its audit
 * log, the controller manager and the scheduler without limits of their own clients, and KWOK for a node and its pods.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import { KubeClient } from '../shared/kube/client.ts';
import type { Connection } from '../shared/kube/connect.ts';
import { binary } from '../testbed/binaries.ts';
import { fakeNodeKey, kwokFlags } from '../testbed/kwok.ts';
import { start, untilReady, type Line } from './processes.ts';

const port = 6443;
const server = `https://127.0.0.1:${port}`;
const etcd = 'http://127.0.0.1:2379';

/** Who asks the API server, with the groups that such a client really has: its share of the server depends on them. */
const users = {
  bench: { name: 'bench', groups: 'system:masters' },
  kwok: { name: 'kwok', groups: 'system:masters' },
  'kube-controller-manager': { name: 'system:kube-controller-manager', groups: 'system:authenticated' },
  'kube-scheduler': { name: 'system:kube-scheduler', groups: 'system:authenticated' },
  ours: { name: 'system:serviceaccount:bench:ours', groups: 'system:serviceaccounts,system:authenticated' },
  reloader: { name: 'system:serviceaccount:bench:reloader', groups: 'system:serviceaccounts,system:authenticated' },
} as const;
export type User = keyof typeof users;
export const userName = (user: User): string => users[user].name;

const noClientLimits = ['--kube-api-qps=2000', '--kube-api-burst=4000'];

export class Cluster {
  readonly folder: string;
  readonly client: KubeClient;

  private constructor(folder: string) {
    this.folder = folder;
    this.client = new KubeClient(connectionOf(this.ca), 'bench');
  }

  static async start(folder: string): Promise<Cluster> {
    writeFileSync(join(folder, 'tokens.csv'), Object.entries(users).map(tokenLine).join(''));
    writeFileSync(join(folder, 'audit.json'), JSON.stringify(auditPolicy));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(join(folder, 'accounts.key'), privateKey.export({ type: 'sec1', format: 'pem' }));
    for (const line of storage(folder)) await run(line, folder);
    const cluster = new Cluster(folder);
    for (const user of ['kwok', 'kube-controller-manager', 'kube-scheduler'] as const) cluster.#writeKubeconfig(user);
    await cluster.#admitContenders();
    for (const line of controllers(folder)) await run(line, folder);
    await cluster.#addNode();
    return cluster;
  }

  get auditLog(): string {
    return auditLogIn(this.folder);
  }

  /** As the kubelet puts it into a pod; returns the folder. */
  serviceAccount(user: User): string {
    const folder = join(this.folder, 'service-accounts', user);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'token'), tokenOf(user));
    writeFileSync(join(folder, 'ca.crt'), this.ca);
    writeFileSync(join(folder, 'namespace'), 'default');
    return folder;
  }

  /** Its own certificate and the authority that signed it, made at its first start. */
  get ca(): string {
    return readFileSync(join(this.folder, 'certificates', 'apiserver.crt'), 'utf8');
  }

  #writeKubeconfig(user: User): void {
    const name = 'bench';
    const content = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(this.ca).toString('base64') } }],
      users: [{ name, user: { token: tokenOf(user) } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    };
    writeFileSync(kubeconfigIn(this.folder, user), JSON.stringify(content));
  }

  /** Rights are compared elsewhere: here nobody may lack one. */
  async #admitContenders(): Promise<void> {
    const subjects = [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:serviceaccounts' }];
    await this.client.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'contenders' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects,
    });
  }

  async #addNode(): Promise<void> {
    await this.client.create('/api/v1/nodes', {
      metadata: { name: 'fake', labels: { [fakeNodeKey]: 'true' } },
      spec: {},
    });
  }
}

export const apiServerAddress = { host: '127.0.0.1', port: String(port) };

const tokenOf = (user: User): string => `token-of-${user}`;
const tokenLine = ([user, { name, groups }]: [string, { name: string; groups: string }]): string =>
  `${tokenOf(user as User)},${name},${user},"${groups}"\n`;

/** Never a body; and only what is judged: Secrets and workloads. */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'Metadata', resources: [{ group: '', resources: ['secrets'] }, { group: 'apps', resources: ['*'] }] },
    { level: 'None' },
  ],
};

const auditLogIn = (folder: string): string => join(folder, 'audit.log');
const kubeconfigIn = (folder: string, user: User): string => join(folder, `${user}.kubeconfig`);

function connectionOf(ca: string): Connection {
  const agent = new Agent({ keepAlive: true, ca });
  const authorization = `Bearer ${tokenOf('bench')}`;
  return { baseUrl: new URL(server), namespace: 'default', agent, authorize: () => Promise.resolve({ authorization }) };
}

interface Component extends Omit<Line, 'log'> {
  readonly health: string;
}

const storage = (folder: string): Component[] => [
  {
    program: 'etcd',
    health: `${etcd}/health`,
    args: [`--data-dir=${join(folder, 'etcd')}`, '--unsafe-no-fsync'],
  },
  {
    program: 'kube-apiserver',
    health: `${server}/readyz`,
    args: [
      '--advertise-address=127.0.0.1',
      '--allow-privileged=true',
      `--audit-log-path=${auditLogIn(folder)}`,
      `--audit-policy-file=${join(folder, 'audit.json')}`,
      '--authorization-mode=RBAC',
      '--bind-address=127.0.0.1',
      `--cert-dir=${join(folder, 'certificates')}`,
      '--endpoint-reconciler-type=none',
      `--etcd-servers=${etcd}`,
      `--secure-port=${port}`,
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-key-file=${join(folder, 'accounts.key')}`,
      `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
      '--service-cluster-ip-range=10.97.0.0/24',
      `--token-auth-file=${join(folder, 'tokens.csv')}`,
    ],
  },
];

const controllers = (folder: string): Component[] => [
  {
    program: 'kube-controller-manager',
    health: 'https://127.0.0.1:10257/healthz',
    args: [
      `--kubeconfig=${kubeconfigIn(folder, 'kube-controller-manager')}`,
      '--leader-elect=false',
      `--root-ca-file=${join(folder, 'certificates', 'apiserver.crt')}`,
      `--service-account-private-key-file=${join(folder, 'accounts.key')}`,
      '--use-service-account-credentials=true',
      ...noClientLimits,
    ],
  },
  {
    program: 'kube-scheduler',
    health: 'https://127.0.0.1:10259/healthz',
    args: [`--kubeconfig=${kubeconfigIn(folder, 'kube-scheduler')}`, '--leader-elect=false', ...noClientLimits],
  },
  {
    program: 'kwok',
    health: 'http://127.0.0.1:10247/healthz',
    args: [...kwokFlags(kubeconfigIn(folder, 'kwok')), '--server-address=127.0.0.1:10247'],
  },
];

async function run({ program, args, health }: Component, folder: string): Promise<void> {
  const line = { program: binary(program), args, log: join(folder, `${program}.log`), env: { HOME: folder } };
  await untilReady(start(line), line, () => answers(health));
}

/** Whether it answers 200. The certificates are the components' own, so they are not checked. */
async function answers(url: string): Promise<boolean> {
  if (url.startsWith('http:')) return (await fetch(url)).ok;
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  get(url, { rejectUnauthorized: false }, (response) => resolve(response.resume().statusCode === 200)).on('error', reject);
  return promise;
}
