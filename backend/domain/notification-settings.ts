/** Where notifications go. A webhook's address is stored encrypted and shown as its host alone. */
import type { Clock } from '../../shared/clock.ts';
import { notificationProviders } from '../../shared/contract/administration.ts';
import type { Outbound } from '../outbound/outbound.ts';
import type { NotificationSetting, NotificationSettingsStore } from '../store/store.ts';
import { Declined } from './declined.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { Reencryption } from './reencryption.ts';
import { Remembered } from './remembered.ts';
import { seal } from './sealing.ts';
import type { Provider } from './notification-messages.ts';
import { instant } from './instant.ts';

export interface NotificationSettingsOptions {
  readonly store: NotificationSettingsStore;
  readonly keys: EncryptionKeys;
  readonly reencryption: Reencryption;
  readonly outbound: Pick<Outbound, 'opensHost'>;
  readonly clock: Clock;
}

export interface ShownNotification extends Omit<NotificationSetting, 'sealedUrl'> {
  /** Such as `https://hooks.slack.com/...`; empty where it cannot be decrypted. */
  readonly shownUrl: string;
}

export interface Channel {
  readonly provider: Provider;
  /** A secret: whoever knows it can post there. */
  readonly url: string;
}

const anyPath = '/...';

export class NotificationSettings {
  readonly #options: NotificationSettingsOptions;
  readonly #settings: Remembered<NotificationSetting[]>;

  constructor(options: NotificationSettingsOptions) {
    this.#options = options;
    this.#settings = new Remembered(() => options.store.list(), options.clock);
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
    const sealedUrl = isKept ? present.sealedUrl : seal(this.#options.keys, this.#webhookUrl(url ?? ''));
    const saved = await store.save(provider, enabled, sealedUrl, instant(clock.now()));
    this.#settings.forget();
    reencryption.look();
    return this.#shown(saved);
  }

  async exists(provider: string): Promise<boolean> {
    return (await this.#options.store.find(provider)) !== undefined;
  }

  /** Throws Declined. */
  async remove(provider: string): Promise<void> {
    if (!(await this.#options.store.remove(provider))) throw missing();
    this.#settings.forget();
  }

  /** What is enabled and can be decrypted. */
  async enabledChannels(): Promise<Channel[]> {
    const enabled = (await this.#settings.get()).filter((setting) => setting.enabled);
    return enabled.flatMap(({ provider, sealedUrl }) => {
      const url = this.#options.keys.open(sealedUrl)?.text;
      return url === undefined ? [] : [{ provider: providerOf(provider), url }];
    });
  }

  /** Enabled or not; without `url` if that cannot be decrypted. Throws Declined. */
  async channel(given: string): Promise<Partial<Channel> & Pick<Channel, 'provider'>> {
    const setting = await this.#options.store.find(given);
    if (!setting) throw missing();
    const url = this.#options.keys.open(setting.sealedUrl)?.text;
    return { provider: providerOf(setting.provider), ...(url !== undefined && { url }) };
  }

  /** Plain http only to a host that whoever runs the backend has named, such as a relay in the cluster. Throws Declined. */
  #webhookUrl(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && this.#options.outbound.opensHost(url.hostname));
    if (url && isSafe && url.username === '' && url.password === '') return url.href;
    throw new Declined('invalid', 'The webhook URL must be an https URL without credentials');
  }

  #shown({ sealedUrl, ...setting }: NotificationSetting): ShownNotification {
    const url = this.#options.keys.open(sealedUrl)?.text;
    return { ...setting, shownUrl: url === undefined ? '' : `${new URL(url).origin}${anyPath}` };
  }
}

const missing = () => new Declined('missing', 'Notification setting not found');

function providerOf(given: string): Provider {
  const wanted = given.trim().toLowerCase();
  const provider = notificationProviders.find((name) => name === wanted);
  if (provider) return provider;
  throw new Declined('invalid', `The provider is not known: use one of ${notificationProviders.join(', ')}`);
}
