/**
 * Answers for all backends, whose pods are fake and whose addresses are the loopback of this namespace: each accepts what
 * its release's keyring says, as soon as the watch has delivered it, and each running presenter has used what it was
 * started with. The cheapest verifier there can be, so that what is measured is not it.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { systemClock as clock } from '../../shared/clock.ts';
import type { Attestation } from '../../shared/contract/attestation.ts';
import { keyringEntry, parseKeyring, type Keyring } from '../../shared/credential/keyring.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath, secretEntry, type KubeObject, type Secret } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import { until } from '../processes.ts';
import { attestationPort } from './attestation-port.ts';

const stamp = 'bootstrap.kure.io/service-token';
const log = createLogger('bench', 'warn');

interface Pod extends KubeObject {
  readonly status?: { readonly podIP?: string };
}

export class Verifiers {
  readonly #keyrings = new Map<string, Keyring>();
  readonly #pods: Reflector<Pod>;
  readonly #secrets: Reflector<Secret>;
  readonly #server: Server;
  /** Pods by namespace, and namespaces by address. */
  readonly #inside = new Map<string, Map<string, Pod>>();
  readonly #namespaces = new Map<string, string>();

  private constructor(client: KubeClient) {
    const common = { client, clock, log };
    this.#pods = new Reflector<Pod>({
      ...common,
      path: collectionPath('pods'),
      onChange: ({ type, object }) => this.#saw(type, object),
    });
    this.#secrets = new Reflector<Secret>({
      ...common,
      path: collectionPath('secrets'),
      labelSelector: 'app.kubernetes.io/managed-by=kure-bootstrap',
      onChange: ({ object }) => this.#learn(object),
    });
    this.#server = createServer((request, response) => {
      const answer = this.#attest(request.socket.localAddress ?? '', request.headers['x-service-token']);
      response.writeHead(answer ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
    });
  }

  static async start(client: KubeClient): Promise<Verifiers> {
    const verifiers = new Verifiers(client);
    verifiers.#pods.start();
    verifiers.#secrets.start();
    await Promise.all([verifiers.#pods.listed(), verifiers.#secrets.listed()]);
    verifiers.#server.listen(attestationPort, '0.0.0.0');
    await once(verifiers.#server, 'listening');
    return verifiers;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await Promise.all([this.#pods.stop(), this.#secrets.stop()]);
  }

  /** Resolves when every keyring says that one generation is left and committed. */
  async allRetired(namespaces: readonly string[]): Promise<void> {
    const isQuiet = (namespace: string): boolean => {
      const record = this.#keyrings.get(namespace)?.keys['service-token'];
      return record?.accepted.length === 1 && record.committed === record.target;
    };
    await until('all old values are retired', () => Promise.resolve(namespaces.every(isQuiet)), 600, 20);
  }

  #saw(type: 'set' | 'deleted', pod: Pod): void {
    const { namespace = '', uid } = pod.metadata;
    const pods = this.#inside.get(namespace) ?? new Map<string, Pod>();
    this.#inside.set(namespace, pods);
    if (type === 'deleted') pods.delete(uid);
    else pods.set(uid, pod);
    if (pod.status?.podIP !== undefined) this.#namespaces.set(pod.status.podIP, namespace);
  }

  #learn(secret: Secret): void {
    const document = secretEntry(secret, keyringEntry);
    if (document !== undefined) this.#keyrings.set(secret.metadata.namespace ?? '', parseKeyring(document));
  }

  #attest(address: string, token: string | string[] | undefined): Attestation | undefined {
    const namespace = this.#namespaces.get(address) ?? '';
    const record = this.#keyrings.get(namespace)?.keys['service-token'];
    if (!record?.accepted.some(({ value }) => value === token)) return undefined;
    const accepted = record.accepted.map(({ name }) => name);
    const now = new Date().toISOString();
    const uses = [...(this.#inside.get(namespace)?.values() ?? [])].flatMap(({ metadata, status }) => {
      if (metadata.annotations?.['bootstrap.kure.io/role'] !== 'presenter' || status?.podIP === undefined) return [];
      const generation = metadata.annotations[stamp] ?? record.committed;
      return [{ generation, count: 1, lastUsedAt: now, sources: [{ address: status.podIP, count: 1, lastUsedAt: now }] }];
    });
    return { instance: address, startedAt, now, accepted, unnamed: 0, uses, refused: [] };
  }
}

const startedAt = new Date().toISOString();
