/**
 * Plays what would run inside the fake pods: a model of the pods' inside on a real API server with real controllers.
 *
 *     pod runs ──► reads its Secrets, as the kubelet would for its environment
 *                  verifier:  judges tokens and attests, with the backend's own code
 *                  presenter: sends its token to every serving verifier of its release, at start, again and again, and
 *                             whenever one of them changes what it accepts; who is refused is written down
 *     pod gone ──► ends
 */
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { collectionPath } from '../../../shared/kube/objects.ts';
import { Reflector } from '../../../shared/kube/reflector.ts';
import { systemClock as clock } from '../../../shared/clock.ts';
import { createLogger } from '../../../shared/log.ts';
import { ReleaseInside } from './release-inside.ts';
import type { PodObject } from './pod-object.ts';

/** On every pod that is to have an inside. */
export const insideLabel = 'kure.io/inside';

export class Insides {
  readonly #client: KubeClient;
  readonly #pods: Reflector<PodObject>;
  readonly #releases = new Map<string, ReleaseInside>();

  private constructor(connection: Connection) {
    this.#client = new KubeClient(connection, 'inside');
    this.#pods = new Reflector<PodObject>({
      client: this.#client,
      path: collectionPath('pods'),
      labelSelector: insideLabel,
      clock,
      log: createLogger('insides', 'silent'),
      onChange: ({ type, object }) => {
        const release = this.#releases.get(object.metadata.namespace ?? '');
        if (type === 'set') release?.saw(object);
        else release?.lost(object);
      },
    });
  }

  static async start(connection: Connection): Promise<Insides> {
    const insides = new Insides(connection);
    insides.#pods.start();
    await insides.#pods.listed();
    return insides;
  }

  /** Follows the release of this namespace from now on; `bootstrap` is the Secret where it is not the release's own. */
  follow(namespace: string, release: string, bootstrap = `${release}-bootstrap`): ReleaseInside {
    const inside = new ReleaseInside(this.#client, namespace, { bootstrap, keyring: `${release}-keyring` });
    this.#releases.set(namespace, inside);
    return inside;
  }

  async leave(namespace: string): Promise<void> {
    const release = this.#releases.get(namespace);
    this.#releases.delete(namespace);
    await release?.stop();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#releases.values()].map((release) => release.stop()));
    await this.#pods.stop();
  }
}
