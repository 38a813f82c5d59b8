/** The status of every release, told by one watch: asked for by hundreds that wait for it, it would be a third of all reads. */
import { systemClock as clock } from '../../../shared/clock.ts';
import { KubeClient } from '../../../shared/kube/client.ts';
import type { Connection } from '../../../shared/kube/connect.ts';
import { collectionPath, type KubeObject } from '../../../shared/kube/objects.ts';
import { Reflector } from '../../../shared/kube/reflector.ts';
import { createLogger } from '../../../shared/log.ts';
import { statusName } from './manifests.ts';

export interface StatusObject extends KubeObject {
  readonly data: { readonly phase: string; readonly bootstrapResourceVersion: string; readonly 'status.json': string };
}

export class Statuses {
  readonly #reflector: Reflector<StatusObject>;
  readonly #byNamespace = new Map<string | undefined, StatusObject>();

  private constructor(connection: Connection) {
    this.#reflector = new Reflector<StatusObject>({
      client: new KubeClient(connection, 'harness'),
      path: collectionPath('configmaps'),
      fieldSelector: `metadata.name=${statusName}`,
      clock,
      log: createLogger('statuses', 'silent'),
      onChange: ({ type, object }) => {
        const { namespace } = object.metadata;
        if (type === 'set') this.#byNamespace.set(namespace, object);
        else this.#byNamespace.delete(namespace);
      },
    });
  }

  static async start(connection: Connection): Promise<Statuses> {
    const statuses = new Statuses(connection);
    statuses.#reflector.start();
    await statuses.#reflector.listed();
    return statuses;
  }

  /** As it was a moment ago. */
  of(namespace: string): StatusObject | undefined {
    return this.#byNamespace.get(namespace);
  }

  async stop(): Promise<void> {
    await this.#reflector.stop();
  }
}
