/** Real pods: what can be seen of them is what their backends attest. */
import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { attestationPath, type Attestation } from '../../shared/contract/attestation.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import type { Connection } from '../../shared/kube/connect.ts';
import { collectionPath, objectPath, secretEntry, type Secret } from '../../shared/kube/objects.ts';
import { reach } from '../../testbed/reach.ts';
import { isReady, isTerminating, type PodObject } from '../scale/harness/pod-object.ts';
import type { Ground, Inside } from './ground.ts';
import type { Mode } from './modes.ts';

export class RealGround implements Ground, Inside {
  readonly inside = this;
  /** By backend process, address and reason. */
  readonly #refusals = new Set<string>();
  readonly started = [];
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #bootstrap: string;

  constructor(connection: Connection, namespace: string, mode: Mode) {
    this.#client = new KubeClient(connection, 'delivery');
    this.#namespace = namespace;
    this.#bootstrap = mode.sources.bootstrap;
  }

  get refusals(): { length: number } {
    return { length: this.#refusals.size };
  }

  async prepare(): Promise<void> {}

  values(): object {
    return {
      backend: { podLabels: { app: 'backend' } },
      agent: { podLabels: { app: 'agent' } },
      securityScanner: { podLabels: { app: 'scanner' } },
      operator: { podLabels: { app: 'operator' } },
    };
  }

  async accepting(serviceToken: string): Promise<string[]> {
    const found = await Promise.all((await this.#backends()).map(async (pod) => ((await ask(pod, serviceToken)) ? pod.metadata.name : [])));
    return found.flat();
  }

  /** Whom the backends have refused since they started. */
  async look(): Promise<void> {
    const secret = await this.#client.get<Secret>(objectPath('secrets', this.#namespace, this.#bootstrap)).catch(() => undefined);
    const token = secretEntry(secret, 'service-token');
    if (token === undefined) return;
    for (const pod of await this.#backends()) {
      const attestation = await ask(pod, token);
      for (const { address, reason } of attestation?.refused ?? []) this.#refusals.add(`${attestation?.instance} ${address} ${reason}`);
    }
  }

  async said(): Promise<string> {
    return [...this.#refusals].join('\n');
  }

  async close(): Promise<void> {}

  async #backends(): Promise<PodObject[]> {
    const { items } = await this.#client.get<{ items: PodObject[] }>(collectionPath('pods', this.#namespace), { labelSelector: 'app=backend' });
    return items.filter((pod) => isReady(pod) && !isTerminating(pod));
  }
}

/** Its attestation; undefined where it does not accept this token, or is away. */
async function ask({ status }: PodObject, serviceToken: string): Promise<Attestation | undefined> {
  const socket = await reach(`${status?.podIP}:8000`).catch(() => undefined);
  if (!socket) return undefined;
  const answered = Promise.withResolvers<Attestation | undefined>();
  const asking = request({ path: attestationPath, headers: { 'x-service-token': serviceToken }, agent: new Agent(), createConnection: () => socket }, (answer) => {
    if (answer.statusCode === 200) (json(answer) as Promise<Attestation>).then(answered.resolve, answered.reject);
    else answered.resolve(undefined);
  });
  asking.on('error', () => answered.resolve(undefined)).end();
  return answered.promise.finally(() => socket.destroy());
}
