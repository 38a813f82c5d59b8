/** How long records are kept, and who takes away what has had its time. */
import type { Clock } from '../../shared/clock.ts';
import type { Logger } from '../../shared/log.ts';
import type { Stores } from '../store/store.ts';
import { windowMs } from './login-throttle.ts';
import { instant } from './instant.ts';

/** The two kinds of records; the keys are those of upstream. */
const retentions = {
  history: { key: 'history_retention_minutes', status: 'resolved' },
  ignored: { key: 'ignored_retention_minutes', status: 'ignored' },
} as const;
export type RetentionName = keyof typeof retentions;

const minute = 60_000;
const day = 24 * 60 * minute;
/** A scanner may be away, and upstream's finds some things only when it starts; who has dismissed them is not asked again. */
const unseenMs = 30 * day;

export interface RetentionOptions {
  readonly stores: Pick<Stores, 'appSettings' | 'podFailures' | 'findings' | 'expiry'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Retention {
  readonly #options: RetentionOptions;
  readonly #stopped = new AbortController();

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** 0: for ever. */
  async minutes(name: RetentionName): Promise<number> {
    return Number((await this.#options.stores.appSettings.read(retentions[name].key)) ?? 0);
  }

  async keep(name: RetentionName, minutes: number): Promise<void> {
    const { stores, clock } = this.#options;
    await stores.appSettings.write(retentions[name].key, String(minutes), instant(clock.now()));
  }

  /** Takes away what has had its time, now. */
  async sweep(): Promise<void> {
    const { stores, clock } = this.#options;
    const now = clock.now();
    for (const name of Object.keys(retentions) as RetentionName[]) {
      const minutes = await this.minutes(name);
      if (minutes > 0) await stores.podFailures.removeOlder(retentions[name].status, instant(now - minutes * minute));
    }
    await stores.findings.removeUnseen(instant(now - unseenMs));
    const times = { now: instant(now), attemptsBefore: instant(now - windowMs), invitationsBefore: instant(now - 30 * day) };
    await stores.expiry.sweep(times);
  }

  /** Every minute, until it is stopped. */
  async run(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.sweep().catch((error: unknown) => log.error({ err: error }, 'cannot delete old records; trying again soon'));
      await clock.sleep(minute, signal).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }
}
