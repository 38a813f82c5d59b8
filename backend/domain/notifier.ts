/**
 * Tells the channels that admins have set about pods that fail and recover. Ingest never waits for it. Each failure is
 * told once, by whichever replica claims it; a message that is on its way when the process is killed is not told again.
 */
import PQueue from 'p-queue';
import pRetry, { AbortError } from 'p-retry';
import type { Clock } from '../../shared/clock.ts';
import { notificationProviders } from '../../shared/contract/administration.ts';
import type { PodFailure } from '../../shared/contract/pods.ts';
import type { Logger } from '../../shared/log.ts';
import type { Metrics } from '../metrics.ts';
import { OutboundError, type Outbound } from '../outbound/outbound.ts';
import type { PodFailureStore } from '../store/store.ts';
import { Declined } from './declined.ts';
import { failureNotice, messageFor, recoveryNotice, testNotice, type Notice, type Provider } from './notification-messages.ts';
import type { Channel, NotificationSettings } from './notification-settings.ts';
import { instant } from './instant.ts';

export interface NotifierOptions {
  readonly settings: NotificationSettings;
  readonly podFailures: PodFailureStore;
  readonly outbound: Outbound;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** Before the first repetition; each next one waits twice as long, and a random part of it more. */
  readonly retryMs?: number;
}

/** Messages that wait for one channel; more are counted and not sent. */
const mostWaiting = 1_000;
const repetitions = 5;

export class Notifier {
  readonly #options: NotifierOptions;
  /** One for each channel: none waits for another one, and each hears in the order in which things happened. */
  readonly #queues = new Map(notificationProviders.map((provider) => [provider, new PQueue({ concurrency: 1 })]));
  readonly #ending = new AbortController();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** To be called for a failure that nobody was told about yet. */
  failed(failure: PodFailure): void {
    const { podFailures, clock } = this.#options;
    this.#enqueue(failureNotice(failure), () => podFailures.claimNotice(failure.id, instant(clock.now())));
  }

  recovered(failure: PodFailure): void {
    this.#enqueue(recoveryNotice(failure));
  }

  /** Sends a message at once and waits for it. Throws Declined, or OutboundError. */
  async test(given: string): Promise<void> {
    const { settings, outbound } = this.#options;
    const { provider, url } = await settings.channel(given);
    if (url === undefined) throw new Declined('conflict', 'The stored address cannot be decrypted: enter it again');
    await outbound.post(url, messageFor(provider, testNotice));
  }

  /** Gives up what is not sent yet. */
  async stop(): Promise<void> {
    this.#ending.abort();
    for (const queue of this.#queues.values()) queue.clear();
    await Promise.all([...this.#queues.values()].map((queue) => queue.onIdle()));
    await this.#options.outbound.close();
  }

  /** Nothing here rejects: whoever reports a pod has been answered already. The first channel whose turn it is claims. */
  #enqueue(notice: Notice, claim: () => Promise<boolean> = () => Promise.resolve(true)): void {
    if (this.#ending.signal.aborted) return;
    let claimed: Promise<boolean> | undefined;
    const claimOnce = () => (claimed ??= claim());
    for (const [provider, queue] of this.#queues) {
      if (queue.size >= mostWaiting) this.#count('dropped');
      else void queue.add(() => this.#tell(provider, notice, claimOnce)).catch((error: unknown) => this.#options.log.error({ err: error }, 'cannot send notifications'));
    }
  }

  async #tell(provider: Provider, notice: Notice, claim: () => Promise<boolean>): Promise<void> {
    const channel = (await this.#options.settings.enabledChannels()).find((enabled) => enabled.provider === provider);
    if (channel && (await claim())) await this.#deliver(channel, notice);
  }

  async #deliver({ provider, url }: Channel, notice: Notice): Promise<void> {
    const { outbound, retryMs = 1_000, log } = this.#options;
    const { signal } = this.#ending;
    const send = () => outbound.post(url, messageFor(provider, notice), signal).catch(onceUnlessPassing);
    try {
      await pRetry(send, { retries: repetitions, minTimeout: retryMs, randomize: true, unref: true, signal });
      this.#count('sent');
    } catch (error) {
      if (signal.aborted) return;
      this.#count('failed');
      log.warn({ provider, reason: (error as Error).message }, 'a notification was not delivered');
    }
  }

  #count(outcome: 'sent' | 'failed' | 'dropped'): void {
    this.#options.metrics.notifications.inc({ outcome });
  }
}

function onceUnlessPassing(error: unknown): never {
  if (error instanceof OutboundError && error.isPassing) throw error;
  throw new AbortError(error as Error);
}
