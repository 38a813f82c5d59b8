/** Where notifications go. A webhook's address is stored encrypted and shown as its host alone. */
import type { Clock } from '../../shared/clock.ts';
import { notificationProviders } from '../../shared/contract/administration.ts';
import type { NotificationSetting, NotificationSettingsStore } from '../store/store.ts';
import { Declined } from './declined.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { Reencryption } from './reencryption.ts';
import { seal } from './sealing.ts';
import { instant } from './use-ledger.ts';

export interface NotificationSettingsOptions {
  readonly store: NotificationSettingsStore;
  readonly keys: EncryptionKeys;
  readonly reencryption: Reencryption;
  readonly clock: Clock;
}

export interface ShownNotification extends Omit<NotificationSetting, 'sealedUrl'> {
  /** Such as `https://hooks.slack.com/...`; empty where it cannot be decrypted. */
  readonly shownUrl: string;
}

const anyPath = '/...';

export class NotificationSettings {
  readonly #options: NotificationSettingsOptions;

  constructor(options: NotificationSettingsOptions) {
    this.#options = options;
  }

  async list(): Promise<ShownNotification[]> {
    return (await this.#options.store.list()).map((setting) => this.#shown(setting));
  }

  /** Without an address, or with the one that was shown, the stored one stays. Throws Declined. */
  async save(given: string, enabled: boolean, url: string | undefined): Promise<ShownNotification> {
    const { store, reencryption, clock } = this.#options;
    const provider = providerOf(given);
    const present = await store.find(provider);
    const isKept = present !== undefined && (!url || url === this.#shown(present).shownUrl);
    const sealedUrl = isKept ? present.sealedUrl : seal(this.#options.keys, webhookUrl(url ?? ''));
    const saved = await store.save(provider, enabled, sealedUrl, instant(clock.now()));
    reencryption.look();
    return this.#shown(saved);
  }

  async exists(provider: string): Promise<boolean> {
    return (await this.#options.store.find(provider)) !== undefined;
  }

  /** Throws Declined. */
  async remove(provider: string): Promise<void> {
    if (!(await this.#options.store.remove(provider))) throw new Declined('missing', 'Notification setting not found');
  }

  #shown({ sealedUrl, ...setting }: NotificationSetting): ShownNotification {
    const url = this.#options.keys.open(sealedUrl)?.text;
    return { ...setting, shownUrl: url === undefined ? '' : `${new URL(url).origin}${anyPath}` };
  }
}

function providerOf(given: string): string {
  const provider = given.trim().toLowerCase();
  if ((notificationProviders as readonly string[]).includes(provider)) return provider;
  throw new Declined('invalid', `The provider is not known: use one of ${notificationProviders.join(', ')}`);
}

function webhookUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new Declined('invalid', 'The webhook URL must be an https URL without credentials');
  }
  return url.href;
}
