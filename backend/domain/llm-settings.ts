/** Which language model explains failures. Its key is stored encrypted and never shown again. */
import type { Clock } from '../../shared/clock.ts';
import { llmProviders } from '../../shared/contract/administration.ts';
import type { LlmConfig, LlmConfigStore } from '../store/store.ts';
import { Declined } from './declined.ts';
import type { EncryptionKeys } from './encryption-keys.ts';
import type { Reencryption } from './reencryption.ts';
import { seal } from './sealing.ts';
import { instant } from './use-ledger.ts';

/** Names that upstream takes, too. */
const aliases: Readonly<Record<string, string>> = {
  claude: 'anthropic',
  groq_cloud: 'groq',
  google: 'gemini',
  github: 'copilot',
  github_models: 'copilot',
};

export interface LlmSettingsOptions {
  readonly store: LlmConfigStore;
  readonly keys: EncryptionKeys;
  readonly reencryption: Reencryption;
  readonly clock: Clock;
}

export interface LlmOrder {
  readonly provider: string;
  readonly api_key: string;
  readonly model?: string | null;
  readonly base_url?: string | null;
}

export class LlmSettings {
  readonly #options: LlmSettingsOptions;

  constructor(options: LlmSettingsOptions) {
    this.#options = options;
  }

  async status(): Promise<{ config: LlmConfig | undefined; state: 'not-configured' | 'ready' | 'needs-reentry' }> {
    const { store, keys } = this.#options;
    const config = await store.read();
    if (!config) return { config, state: 'not-configured' };
    const isReadable = config.sealedKey === null || keys.open(config.sealedKey) !== undefined;
    return { config, state: isReadable ? 'ready' : 'needs-reentry' };
  }

  /** Replaces what there is, or changes nothing. Throws Declined. */
  async save({ provider: given, api_key, model, base_url }: LlmOrder): Promise<LlmConfig> {
    const { store, keys, reencryption, clock } = this.#options;
    const provider = providerOf(given);
    const baseUrl = base_url?.trim() ? httpUrl(base_url.trim()) : null;
    const sealedKey = api_key.trim() === '' ? null : seal(keys, api_key.trim());
    const config = { provider, sealedKey, model: model?.trim() || null, baseUrl };
    const saved = await store.save(config, instant(clock.now()));
    reencryption.look();
    return saved;
  }

  remove(): Promise<void> {
    return this.#options.store.remove();
  }
}

function providerOf(given: string): string {
  const name = given.trim().toLowerCase();
  const provider = aliases[name] ?? name;
  if ((llmProviders as readonly string[]).includes(provider)) return provider;
  throw new Declined('invalid', `The provider is not known: use one of ${llmProviders.join(', ')}`);
}

function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '';
  if (!isPlain) throw new Declined('invalid', 'The base URL must be an http or https URL without credentials');
  return text;
}
