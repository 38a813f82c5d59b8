/** Follows the ConfigMap in which the operator says how a rotation goes. Nothing here depends on what it says. */
import type { Clock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { collectionPath, type KubeObject } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import type { Logger } from '../../shared/log.ts';

interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface RotationReaderOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Called whenever the operator has written. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

const entry = 'status.json';

export class RotationReader {
  readonly #reflector: Reflector<ConfigMap>;

  constructor({ client, namespace, name, onChange, clock, log }: RotationReaderOptions) {
    this.#reflector = new Reflector<ConfigMap>({
      client,
      path: collectionPath('configmaps', namespace),
      fieldSelector: `metadata.name=${name}`,
      clock,
      log: log.child({ configMapName: name }),
      onChange,
    });
  }

  start(): void {
    this.#reflector.start();
  }

  stop(): Promise<void> {
    return this.#reflector.stop();
  }

  /** As it was last seen, whatever its shape; undefined where there is none, null for what is no JSON. */
  get document(): unknown {
    const text = this.#reflector.objects()[0]?.data?.[entry];
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }
}
