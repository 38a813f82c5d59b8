/** Tells people through Kubernetes Events on the bootstrap Secret, the restarted workloads and the evicted pods. */
import type { Phase } from '../../shared/contract/phases.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { undefinedIfMissing } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath, type KubeObject } from '../../shared/kube/objects.ts';
import type { Action, Notice } from '../model/action.ts';

/** One thing to tell people, and about which object. */
export interface Announcement {
  readonly type: 'Normal' | 'Warning';
  readonly reason: Notice['reason'] | Phase;
  readonly message: string;
  /** What the operator did, or that a phase began. */
  readonly action: Action['kind'] | 'Phase';
  readonly regarding: Reference;
}

/** An object; `kubectl describe` shows only the Events that name its uid. */
export interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Undefined while it does not exist. */
  readonly uid: string | undefined;
}

/** An Event that was written: who says the same again soon raises its count. */
interface Written {
  readonly name: string;
  readonly count: number;
  readonly lastAt: number;
}

/** Milliseconds; the window of client-go's correlator (tools/record). */
const sameWithinMs = 600_000;

export class EventWriter {
  readonly #client: KubeClient;
  /** Name of the operator's pod. */
  readonly #instance: string;
  readonly #written = new Map<string, Written>();

  constructor(client: KubeClient, instance: string) {
    this.#client = client;
    this.#instance = instance;
  }

  async write(announcement: Announcement, now: number): Promise<void> {
    for (const [key, { lastAt }] of this.#written) if (now - lastAt >= sameWithinMs) this.#written.delete(key);
    const { regarding, reason, message } = announcement;
    const key = JSON.stringify([regarding, reason, message]);
    const known = this.#written.get(key);
    const again = known && (await this.#repeat(known, regarding.namespace, now));
    this.#written.set(key, again ?? (await this.#create(announcement, now)));
  }

  /** Undefined where the Event has expired. */
  async #repeat({ name, count }: Written, namespace: string, now: number): Promise<Written | undefined> {
    const patch = { count: count + 1, lastTimestamp: instant(now) };
    const patched = await this.#client.patch<object>(objectPath('events', namespace, name), 'merge', patch).catch(undefinedIfMissing);
    return patched && { name, count: count + 1, lastAt: now };
  }

  async #create({ type, reason, message, action, regarding }: Announcement, now: number): Promise<Written> {
    const { namespace, name } = regarding;
    const { metadata } = await this.#client.create<KubeObject>(collectionPath('events', namespace), {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: `${name}.`, namespace },
      involvedObject: regarding,
      type,
      reason,
      message,
      action,
      firstTimestamp: instant(now),
      lastTimestamp: instant(now),
      count: 1,
      source: { component: 'kure-bootstrap' },
      reportingComponent: 'kure-bootstrap',
      reportingInstance: this.#instance,
    });
    return { name: metadata.name, count: 1, lastAt: now };
  }
}

const instant = (now: number): string => new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
