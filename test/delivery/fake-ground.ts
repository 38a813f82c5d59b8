/** Fake nodes: hundreds of releases, with the operator as a real process and a model of what runs in the other pods. */
import { KubeClient } from '../../shared/kube/client.ts';
import { onFakeNodes, waitingAnnotation } from '../../testbed/kwok.ts';
import { insideLabel } from '../scale/harness/insides.ts';
import type { ReleaseInside } from '../scale/harness/release-inside.ts';
import type { PodObject } from '../scale/harness/pod-object.ts';
import { openWorld, type World } from '../scale/harness/world.ts';
import type { Ground } from './ground.ts';
import { releaseName, type Mode } from './modes.ts';
import { OperatorPods } from './operator-pods.ts';
import type { Setting } from './stage.ts';

const storageClassName = 'delivery';
const volumes = '/api/v1/persistentvolumes';

export interface FakeSetting extends Setting {
  end(): Promise<void>;
}

/** `debounceSeconds`: how long an edit waits for further ones. */
export async function onFakeGround(debounceSeconds = 0.2): Promise<FakeSetting> {
  const world = await openWorld();
  const ground = (namespace: string, mode: Mode) => new FakeGround(world, namespace, mode, debounceSeconds);
  return { connection: world.connection, ground, end: () => world.end() };
}

class FakeGround implements Ground {
  readonly inside: ReleaseInside;
  readonly #world: World;
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #operators: OperatorPods;
  readonly #debounceSeconds: number;

  constructor(world: World, namespace: string, mode: Mode, debounceSeconds: number) {
    this.#world = world;
    this.#namespace = namespace;
    this.#client = new KubeClient(world.connection, 'delivery');
    this.#operators = new OperatorPods(world.connection);
    this.#debounceSeconds = debounceSeconds;
    this.inside = world.insides.follow(namespace, releaseName, mode.sources.bootstrap);
  }

  async prepare(): Promise<void> {
    await Promise.all(volumesFor(this.#namespace).map((volume) => this.#client.create(volumes, volume)));
  }

  values(): object {
    return {
      terminationGracePeriodSeconds: 1,
      backend: { ...inside('backend'), persistence: { storageClassName } },
      agent: inside('agent'),
      securityScanner: inside('scanner'),
      operator: { ...onFakeNodes, podLabels: { app: 'operator' }, extraEnv: timesOf(this.#debounceSeconds) },
    };
  }

  saw(pod: PodObject, isGone: boolean): void {
    this.#operators.saw(pod, isGone);
  }

  said(): Promise<string> {
    return this.#operators.said();
  }

  async close(): Promise<void> {
    await this.#operators.stop();
    await this.#world.insides.leave(this.#namespace);
    await Promise.all(volumesFor(this.#namespace).map(({ metadata }) => this.#client.delete(`${volumes}/${metadata.name}`)));
  }
}

/** A fake kubelet would not wait for missing Secrets. */
const podAnnotations = { [waitingAnnotation]: 'true' };
const inside = (app: string) => ({ ...onFakeNodes, podAnnotations, podLabels: { app, [insideLabel]: 'true' } });

const timesOf = (debounceSeconds: number) =>
  Object.entries({ DEBOUNCE_SECONDS: debounceSeconds, DEBOUNCE_MAX_SECONDS: 5 * debounceSeconds, SILENCE_SECONDS: 600 }).map(([name, value]) => ({ name, value: String(value) }));

/** A volume serves one claim. A tool that deletes the claim needs another one, as a provisioner would make it. */
const volumesFor = (namespace: string) =>
  ['first', 'second'].map((name) => ({
    metadata: { name: `${namespace}-${name}` },
    spec: {
      storageClassName,
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: '/nowhere' },
      claimRef: { namespace, name: `${releaseName}-backend-data` },
    },
  }));
