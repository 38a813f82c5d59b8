/**
 * Where the API server is and who we are. Inside a pod the credentials are three files. Only outside one is a
 * part of @kubernetes/client-node loaded, the reader of kubeconfig files; all of it would take twice as long to start.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, type RequestOptions } from 'node:https';
import { Agent as PlainAgent } from 'node:http';
import { delimiter } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';
import { proxyFor } from './proxy.ts';

export interface Connection {
  readonly baseUrl: URL;
  /** The namespace of the pod or of the kubeconfig's context. */
  readonly namespace: string;
  readonly agent: Agent | PlainAgent;
  /** Headers with fresh credentials for one request. */
  authorize(): Promise<Readonly<Record<string, string>>>;
}

export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The kubelet replaces the token at 80 % of its life, an hour at least; client-go re-reads it this often, too. */
const tokenLifeMs = 60_000;
const agentOptions = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: Infinity } as const;

/** What a person may choose; without any of it, a pod's own credentials come first. */
export interface ConnectOptions {
  readonly context?: string | undefined;
  /** Path of a kubeconfig file, instead of KUBECONFIG and the usual place. */
  readonly kubeconfig?: string | undefined;
}

export async function connect(options: ConnectOptions = {}): Promise<Connection> {
  const insidePod = process.env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(`${serviceAccount}/token`);
  const chosen = options.context !== undefined || options.kubeconfig !== undefined;
  return insidePod && !chosen ? connectFromPod() : connectFromKubeconfig(options);
}

async function connectFromPod(): Promise<Connection> {
  const host = process.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = process.env['KUBERNETES_SERVICE_PORT'] ?? '443';
  const ca = await readFile(`${serviceAccount}/ca.crt`);
  const namespace = (await readFile(`${serviceAccount}/namespace`, 'utf8')).trim();
  let token = '';
  let readAt = -Infinity;
  return {
    baseUrl: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
    namespace,
    agent: new Agent({ ...agentOptions, ca }),
    async authorize() {
      if (performance.now() - readAt > tokenLifeMs) {
        token = (await readFile(`${serviceAccount}/token`, 'utf8')).trim();
        readAt = performance.now();
      }
      return { authorization: `Bearer ${token}` };
    },
  };
}

async function connectFromKubeconfig(chosen: ConnectOptions): Promise<Connection> {
  const config = await loadKubeconfig(chosen);
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new ConnectionError('no cluster to talk to: set KUBECONFIG, or choose a context with `kubectl config use-context`');
  }
  const baseUrl = new URL(cluster.server);
  return {
    baseUrl,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    agent: await agentFor(baseUrl, cluster, config),
    async authorize() {
      // Nor does kubectl say who it is where everybody on the way could read it.
      if (baseUrl.protocol === 'http:') return {};
      const { headers: found, auth } = await optionsOf(config);
      const headers = { ...(found as Record<string, string> | undefined) };
      if (auth) headers['authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
      return headers;
    },
  };
}

/** The kubeconfig's own proxy goes before the environment's, which Node knows since 24.5. */
async function agentFor(server: URL, { proxyUrl }: Cluster, config: KubeConfig): Promise<Agent | PlainAgent> {
  const proxyEnv = proxyUrl ? {} : proxyEnvFor(server);
  if (server.protocol === 'http:' && !proxyUrl) return new PlainAgent({ ...agentOptions, proxyEnv });
  const { agent: proxying, ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = await optionsOf(config);
  if (proxyUrl && typeof proxying === 'object') return proxying;
  const given = { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return new Agent({ ...agentOptions, ...known, proxyEnv });
}

/** The proxy's URL may have a password in it: it is not repeated. */
function proxyEnvFor(server: URL): { readonly HTTP_PROXY?: string; readonly HTTPS_PROXY?: string } {
  const proxy = proxyFor(server, process.env);
  if (proxy === undefined) return {};
  if (!/^https?:$/.test(URL.parse(proxy)?.protocol ?? '')) {
    throw new ConnectionError('cannot use the proxy of HTTPS_PROXY or HTTP_PROXY: it is to be an URL that begins with http:// or https://');
  }
  return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
}

/** Throws a ConnectionError where there is none, or not the context that was chosen. */
async function loadKubeconfig({ context, kubeconfig }: ConnectOptions): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  const files = kubeconfig === undefined ? filesOfEnvironment() : [kubeconfig];
  try {
    if (files.length === 0) config.loadFromDefault();
    else config.loadFromOptions(merged(files.map((file) => read(file, new KubeConfig()))));
  } catch (error) {
    throw new ConnectionError(`cannot read the kubeconfig: ${(error as Error).message}; set KUBECONFIG`);
  }
  if (config.getCurrentContext() === madeUpContext) throw new ConnectionError('there is no kubeconfig: set KUBECONFIG to the path of one');
  if (context === undefined) return config;
  const contexts = config.getContexts().map(({ name }) => name);
  if (!contexts.includes(context)) throw new ConnectionError(`there is no context ${context} in the kubeconfig; there is: ${contexts.join(', ')}`);
  config.setCurrentContext(context);
  return config;
}

/** Those that KUBECONFIG names. Of several, as with kubectl, one that does not exist is passed over. */
function filesOfEnvironment(): string[] {
  const named = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const existing = named.filter((file) => existsSync(file));
  return existing.length === 0 ? named : existing;
}

function read(file: string, config: KubeConfig): KubeConfig {
  try {
    config.loadFromFile(file);
  } catch (error) {
    // The library stumbles over a file in which nothing is written, /dev/null above all.
    if (readFileSync(file, 'utf8').trim() !== '') throw error;
  }
  return config;
}

/** As kubectl does it, what comes first counts, the current context too; with the library the last one would. */
function merged(configs: readonly KubeConfig[]): Pick<KubeConfig, 'clusters' | 'users' | 'contexts' | 'currentContext'> {
  return {
    clusters: firstOfEachName(configs.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(configs.flatMap(({ users }) => users)),
    contexts: firstOfEachName(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.map((config) => config.currentContext).find((name) => name) ?? '',
  };
}

const firstOfEachName = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
  items.filter(({ name }, index) => items.findIndex((other) => other.name === name) === index);

/** The library's own, to a server on port 8080 of this machine, where it finds no kubeconfig. */
const madeUpContext = 'loaded-context';

/** Fresh credentials, which a program that the kubeconfig names may have to make first. */
async function optionsOf(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ConnectionError(`cannot use the kubeconfig: ${(error as Error).message}; see whether \`kubectl auth whoami\` works`);
  }
  return options;
}
