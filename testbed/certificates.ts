// The cluster's own certificate authority and one certificate per client.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.ts';
import { apiServiceAddress, certificates as folder, nodeAddress, nodeName } from './places.ts';

type Subject = { commonName: string; group?: string; names?: string[] };

const serverNames = [
  ...[
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    'localhost',
  ].map((name) => `DNS:${name}`),
  ...['127.0.0.1', nodeAddress, apiServiceAddress].map((address) => `IP:${address}`),
];

const subjects = {
  'kube-apiserver': { commonName: 'kube-apiserver', names: serverNames },
  admin: { commonName: 'kubernetes-admin', group: 'system:masters' },
  'kubelet-client': { commonName: 'kube-apiserver-kubelet-client', group: 'system:masters' },
  kubelet: { commonName: `system:node:${nodeName}`, group: 'system:nodes' },
  'kube-controller-manager': { commonName: 'system:kube-controller-manager' },
  'kube-scheduler': { commonName: 'system:kube-scheduler' },
  'kube-proxy': { commonName: 'system:kube-proxy' },
  'volume-provisioner': { commonName: 'testbed:volume-provisioner', group: 'system:masters' },
} satisfies Record<string, Subject>;

export type Client = Exclude<keyof typeof subjects, 'kube-apiserver'>;

export const certificateOf = (name: string): string => join(folder, `${name}.crt`);
export const keyOf = (name: string): string => join(folder, `${name}.key`);
export const base64Of = (file: string): string => readFileSync(file).toString('base64');

const days = ['-days', '3650'];

export async function createCertificates(): Promise<void> {
  if (existsSync(folder)) return;
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  await openssl(draft, 'req', '-x509', '-nodes', ...newKey('ca'), ...days, '-subj', '/CN=testbed-ca', '-out', 'ca.crt');
  await Promise.all([
    openssl(draft, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'service-accounts.key'),
    ...Object.entries(subjects).map(([name, subject]) => issue(draft, name, subject)),
  ]);
  renameSync(draft, folder); // all of them or none
}

async function issue(draft: string, name: string, subject: Subject): Promise<void> {
  const group = subject.group ? `/O=${subject.group}` : '';
  const names = subject.names ? ['-addext', `subjectAltName=${subject.names.join(',')}`] : [];
  const usage = ['-addext', `extendedKeyUsage=${subject.names ? 'serverAuth' : 'clientAuth'}`];
  const request = [
    'req',
    '-new',
    '-nodes',
    ...newKey(name),
    '-subj',
    `${group}/CN=${subject.commonName}`,
    ...names,
    ...usage,
  ];
  await openssl(draft, ...request, '-out', `${name}.csr`);
  await openssl(
    draft,
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    ...days,
    '-copy_extensions',
    'copy',
    '-out',
    `${name}.crt`,
  );
  rmSync(join(draft, `${name}.csr`));
}

const newKey = (name: string): string[] => [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:P-256',
  '-keyout',
  `${name}.key`,
];

const openssl = (cwd: string, ...args: string[]): Promise<string> => command('openssl', args, { cwd });
