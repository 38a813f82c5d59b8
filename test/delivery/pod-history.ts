/** Every pod of a release that ever was, by the label `app` that its workload gives it. */
import { systemClock as clock } from '../../shared/clock.ts';
import { KubeClient } from '../../shared/kube/client.ts';
import type { Connection } from '../../shared/kube/connect.ts';
import { collectionPath } from '../../shared/kube/objects.ts';
import { Reflector } from '../../shared/kube/reflector.ts';
import { createLogger } from '../../shared/log.ts';
import type { PodObject } from '../scale/harness/pod-object.ts';

export interface SeenPod {
  readonly uid: string;
  readonly app: string;
  /** One for each form that the workload's pod template had. */
  readonly template: string;
  readonly isGone: boolean;
}

export class PodHistory {
  readonly #reflector: Reflector<PodObject>;
  readonly #seen = new Map<string, SeenPod>();

  constructor(connection: Connection, namespace: string, onChange: (pod: PodObject, isGone: boolean) => void) {
    this.#reflector = new Reflector<PodObject>({
      client: new KubeClient(connection, 'delivery'),
      path: collectionPath('pods', namespace),
      clock,
      log: createLogger('pod-history', 'silent'),
      onChange: ({ type, object }) => {
        const isGone = type !== 'set';
        this.#saw(object, isGone);
        onChange(object, isGone);
      },
    });
  }

  async start(): Promise<void> {
    this.#reflector.start();
    await this.#reflector.listed();
  }

  stop(): Promise<void> {
    return this.#reflector.stop();
  }

  /** For `since`. */
  get count(): number {
    return this.#seen.size;
  }

  /** Pods since there were so many. */
  since(count: number): SeenPod[] {
    return [...this.#seen.values()].slice(count);
  }

  /** The map keeps the order in which they came. */
  #saw({ metadata: { uid, labels = {} } }: PodObject, isGone: boolean): void {
    const template = labels['pod-template-hash'] ?? labels['controller-revision-hash'] ?? '';
    this.#seen.set(uid, { uid, app: labels['app'] ?? '', template, isGone });
  }
}
