// Where the test bed keeps things, and the addresses it uses. The addresses
// exist only inside its own network namespace, so they can clash with nothing.
import { homedir } from 'node:os';
import { join } from 'node:path';

const env = process.env;

/** Survives `down`: built programs and image layers, expensive to make. */
export const cache =
  env['KURE_BOOTSTRAP_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kure-bootstrap');

/** Everything a running cluster owns; `down` removes it. A fixed place, because a machine has room for one. */
export const state = '/var/lib/kure-bootstrap-testbed';

export const namespace = 'kure-bootstrap';
export const namespaceFile = `/run/netns/${namespace}`;
export const cgroup = '/kure-bootstrap';
export const nodeName = 'testbed';

export const nodeAddress = '10.87.0.1';
export const podRange = '10.88.0.0/16';
export const serviceRange = '10.96.0.0/16';
export const apiServiceAddress = '10.96.0.1';
export const dnsAddress = '10.96.0.10';
export const apiServer = `https://${nodeAddress}:6443`;

const inState = (...parts: string[]): string => join(state, ...parts);

export const kubeconfig = inState('kubeconfig');
export const kubeconfigInside = inState('kubeconfig.inside');
export const auditLog = inState('logs', 'audit.log');
export const certificates = inState('certificates');
export const configuration = inState('configuration');
export const containerd = inState('containerd');
export const containerdSocket = inState('containerd.sock');
export const gatewaySocket = inState('gateway.sock');
export const kubelet = inState('kubelet');
export const processes = inState('processes');
export const ready = inState('ready');
export const relayPort = inState('relay-port');
export const footprint = inState('footprint.json');
export const volumes = inState('volumes');

export const logOf = (component: string): string => inState('logs', `${component}.log`);
