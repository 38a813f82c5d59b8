/**
 * One writer at a time: the election over a Lease of coordination.k8s.io/v1, by client-go's rules and times
 * (tools/leaderelection).
 *
 *     renewed      +2 s      +4 s   ...   +10 s              +15 s
 *     │ holder: renews, again and again   │ stops writing    │ others may take it, counted from when they saw the renewal
 *
 * Clocks are never compared: an expiry is counted from when this process last saw the record change, by CLOCK_MONOTONIC
 * (`process.hrtime`), which no jump of the time of day moves and which goes on while the process is stopped by a signal.
 * It stands still while a whole machine is suspended; after that, and where the process is stopped between the question
 * whether it may write and the sending, only the compare-and-swap of every write protects.
 */
import type { Clock } from '../../shared/clock.ts';
import type { KubeClient } from '../../shared/kube/client.ts';
import { remedyFor } from '../../shared/kube/kube-error.ts';
import { collectionPath, objectPath, type KubeObject } from '../../shared/kube/objects.ts';
import type { Logger } from '../../shared/log.ts';
import { ownLabels } from '../model/names.ts';

/** Milliseconds. */
export interface LeaseTimes {
  /** How long a holder that is not heard of keeps the others away; whole seconds. */
  readonly durationMs: number;
  /** How long after its last renewal a holder may write. */
  readonly renewDeadlineMs: number;
  readonly retryMs: number;
}

/** client-go's proportions: 15 s, 10 s, 2 s. */
export const leaseTimes = (durationMs: number): LeaseTimes => ({
  durationMs,
  renewDeadlineMs: (durationMs * 2) / 3,
  retryMs: (durationMs * 2) / 15,
});

export interface LeaseOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly release: string;
  /** Of this process, and of no other that ever was. */
  readonly identity: string;
  readonly times: LeaseTimes;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: (isHeld: boolean) => void;
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

interface LeaseObject extends KubeObject {
  readonly spec?: LeaseSpec;
}

/** Milliseconds that never go back. */
const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000_000n);

export class Lease {
  readonly #options: LeaseOptions;
  /** As the API server last had it; undefined before the first look, and where there is none. */
  #object: LeaseObject | undefined;
  /** What it last said; kept when the object is deleted, for its holder may not know that yet. */
  #spec: LeaseSpec = {};
  #changedAt = -Infinity;
  #heldUntil = -Infinity;
  #announced = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** For how many milliseconds from now this process may write; 0 if it may not. */
  heldForMs(): number {
    return Math.max(0, this.#heldUntil - monotonicMs());
  }

  isHeld(): boolean {
    return this.heldForMs() > 0;
  }

  /** Takes the Lease, keeps it, takes it again, until the signal is aborted. The caller releases it when its writes are done. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, times } = this.#options;
    while (!signal.aborted) {
      await this.#attempt(signal).catch((error: unknown) => log.warn({ err: error }, 'could not take or renew the Lease'));
      this.#announce();
      const pauseMs = this.isHeld() ? Math.min(times.retryMs, this.heldForMs()) : times.retryMs * (1 + Math.random() / 5);
      await clock.sleep(pauseMs, signal).catch(() => {});
      this.#announce();
    }
  }

  /** Empties the record, so that the next one takes it at its next look. */
  async release(): Promise<void> {
    if (!this.isHeld() || !this.#object) return;
    const { holderIdentity: _self, ...spec } = this.#spec;
    await this.#replace(this.#object, { ...spec, leaseDurationSeconds: 1 });
    this.#heldUntil = -Infinity;
    this.#announce();
  }

  /** Whoever wrote in between is read, once; the next attempt comes soon. */
  async #attempt(signal: AbortSignal): Promise<void> {
    if (!this.isHeld()) await this.#look();
    try {
      await this.#write(signal);
    } catch (error) {
      const remedy = remedyFor(error);
      if (remedy !== 'conflict' && remedy !== 'missing') throw error;
      await this.#look();
      await this.#write(signal);
    }
  }

  async #look(): Promise<void> {
    const { client, namespace, name } = this.#options;
    try {
      this.#see(await client.get<LeaseObject>(objectPath('leases', namespace, name), {}, this.#callMs()));
    } catch (error) {
      if (remedyFor(error) !== 'missing') throw error;
      this.#object = undefined;
    }
  }

  #see(object: LeaseObject): void {
    if (object.metadata.resourceVersion !== this.#object?.metadata.resourceVersion) this.#changedAt = monotonicMs();
    this.#object = object;
    this.#spec = object.spec ?? {};
    if (this.#spec.holderIdentity !== this.#options.identity) this.#heldUntil = -Infinity;
  }

  /** Takes or renews; does nothing while somebody else has it. */
  async #write(signal: AbortSignal): Promise<void> {
    const { identity, times } = this.#options;
    const { holderIdentity, leaseDurationSeconds = 0, leaseTransitions = 0, acquireTime } = this.#spec;
    const isOwn = holderIdentity === identity;
    const isExpired = monotonicMs() - this.#changedAt >= leaseDurationSeconds * 1000;
    if (signal.aborted || !(isOwn || !holderIdentity || isExpired)) return;
    const at = microTime();
    const spec: LeaseSpec = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(times.durationMs / 1000),
      acquireTime: isOwn ? (acquireTime ?? at) : at,
      renewTime: at,
      leaseTransitions: leaseTransitions + Number(!isOwn && this.#object !== undefined),
    };
    const sentAt = monotonicMs();
    this.#see(await (this.#object ? this.#replace(this.#object, spec) : this.#create(spec)));
    this.#heldUntil = sentAt + times.renewDeadlineMs;
  }

  #create(spec: LeaseSpec): Promise<LeaseObject> {
    const { client, namespace, name, release } = this.#options;
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, labels: ownLabels(release) }, spec };
    return client.create(collectionPath('leases', namespace), body, this.#callMs());
  }

  /** A compare-and-swap: the object carries the version that was seen. */
  #replace(object: LeaseObject, spec: LeaseSpec): Promise<LeaseObject> {
    const { client, namespace, name } = this.#options;
    return client.replace(objectPath('leases', namespace, name), { ...object, spec }, this.#callMs());
  }

  /** A call that hangs must leave time for another one. */
  #callMs(): number {
    const { renewDeadlineMs } = this.#options.times;
    return Math.min(renewDeadlineMs / 2, this.heldForMs() || Infinity);
  }

  #announce(): void {
    const isHeld = this.isHeld();
    if (isHeld === this.#announced) return;
    this.#announced = isHeld;
    const { log, name, identity, onChange } = this.#options;
    log.info({ lease: name, identity, isHeld }, isHeld ? 'took the Lease' : 'lost the Lease');
    onChange(isHeld);
  }
}

/** The Lease's MicroTime wants six digits, and JavaScript has three (kubernetes-client/javascript #828). */
const microTime = (): string => new Date().toISOString().replace('Z', '000Z');
